import { createHash } from "node:crypto";
import type {
  ProofOptions,
  TotpEvent,
  TotpService,
  TotpServiceOptions,
  TotpStore,
} from "express-totp-setup";
import * as ownLib from "express-totp-setup";
import { generateSync, type HashAlgorithm } from "otplib";
import { callBy, createCore } from "../../lib/service/core.js";
import { beginSetup } from "../../lib/service/machine/begin-setup.js";
import { WRONG_CODES_IN_A_ROW } from "../../lib/service/machine/lockout.js";
import type { Proof } from "../../lib/service/machine/with-proof.js";
import { actorOf } from "../../lib/service/proof.js";

/** Half-way through a time step of 30 seconds. */
export const START = 1_999_999_995_000;

/** Few enough to use them up. */
export const FEW_CODES = { count: 3 };

/** Options of a change that the app's own code vouches for. */
export const VOUCHED: ProofOptions = { proof: ownLib.TRUSTED };

/** A clock that stands still until it is moved. */
export class TestClock {
  time = START;
  readonly now = () => this.time;

  advance(seconds: number): void {
    this.time += seconds * 1000;
  }
}

interface CodeParameters {
  algorithm?: "SHA1" | "SHA256" | "SHA512";
  digits?: 6 | 8;
  period?: number;
}

const known = new Map<string, string>();

/** The code that an authenticator app shows at a time, by an implementation that is not ours. */
export function codeAt(secret: string, time: number, parameters: CodeParameters = {}): string {
  const { algorithm = "SHA1", digits = 6, period = 30 } = parameters;
  const step = Math.floor(time / 1000 / period);
  const key = `${secret} ${algorithm} ${digits} ${period} ${step}`;
  let code = known.get(key);
  if (code === undefined) {
    const hash = algorithm.toLowerCase() as HashAlgorithm;
    code = generateSync({ secret, algorithm: hash, digits, period, epoch: step * period });
    known.set(key, code);
  }
  return code;
}

/** Codes of six digits that no secret given shows within 25 steps of a time: as many as asked for. */
export function wrongCodes(count: number, time: number, ...secrets: string[]): string[] {
  const right = new Set(
    secrets.flatMap((secret) =>
      Array.from({ length: 51 }, (_, i) => codeAt(secret, time + (i - 25) * 30_000)),
    ),
  );
  const wrong: string[] = [];
  for (let guess = 0; wrong.length < count; guess++) {
    const code = String(guess).padStart(6, "0");
    if (!right.has(code)) wrong.push(code);
  }
  return wrong;
}

export function wrongCode(time: number, ...secrets: string[]): string {
  return wrongCodes(1, time, ...secrets)[0] as string;
}

/** A secret that is the same in every run. */
export function secretNo(number: number): string {
  const bytes = createHash("sha1").update(`secret ${number}`).digest();
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return Array.from({ length: 32 }, (_, i) => alphabet[Number(bytes[i % 20]) & 31]).join("");
}

/** A service whose time is steered and whose events are kept. */
export interface Rig {
  totp: TotpService;
  clock: TestClock;
  store: TotpStore;
  events: TotpEvent[];
}

/** The library, or one that was loaded with another Express. */
type Makers = Pick<typeof ownLib, "createMemoryStore" | "createTotpService">;

export function createRig(
  options: Partial<TotpServiceOptions> = {},
  clock: TestClock = new TestClock(),
  lib: Makers = ownLib,
): Rig {
  const events: TotpEvent[] = [];
  const store = options.store ?? lib.createMemoryStore({ now: clock.now });
  const totp = lib.createTotpService({
    issuer: "Acme",
    qrCode: "uri",
    backupCodes: FEW_CODES,
    now: clock.now,
    onEvent: (event) => events.push(event),
    ...options,
    store,
  });
  return { totp, clock, store, events };
}

export interface Enrolled {
  secret: string;
  backupCodes: string[];
}

/** The secret of a setup that begins now. */
export async function begin({ totp }: Rig, userId: string, code?: string): Promise<string> {
  const outcome = await totp.beginSetup(userId, { proof: { code } });
  if (!outcome.ok) throw new Error(`no setup: ${outcome.reason}`);
  return outcome.secret;
}

/** Begins a setup with a secret of the test's choice. */
export async function beginWith(
  { totp }: Rig,
  userId: string,
  secret: string,
  proof: Proof = "trusted",
) {
  const { config } = totp;
  const core = createCore(config);
  const expiresAt = core.now() + config.pendingSeconds * 1000;
  const enrollment = { secret, ...config.parameters, expiresAt };
  const input = { enrollment, proof, isAuthorized: true };
  return core.run(callBy(actorOf(proof), userId, {}), beginSetup, input);
}

/** Turns TOTP on for a user. Afterwards the time is one step later, so that there is a fresh code. */
export async function enroll(
  rig: Rig,
  userId: string,
  parameters?: CodeParameters,
): Promise<Enrolled> {
  const { totp, clock } = rig;
  const secret = await begin(rig, userId);
  const outcome = await totp.confirm(userId, codeAt(secret, clock.time, parameters));
  if (!outcome.ok) throw new Error(`not confirmed: ${outcome.reason}`);
  clock.advance(parameters?.period ?? 30);
  rig.events.length = 0;
  return { secret, backupCodes: outcome.backupCodes };
}

/** Sends wrong codes until the user is locked. */
export async function lock({ totp, clock }: Rig, userId: string, secret: string): Promise<void> {
  for (const code of wrongCodes(WRONG_CODES_IN_A_ROW, clock.time, secret)) {
    const outcome = await totp.verify(userId, code);
    if (outcome.ok || outcome.reason !== "wrong_code") throw new Error("not a wrong code");
  }
}

/** Three consecutive codes in one field, the last of them of a step relative to the current one. */
export function threeCodes(secret: string, time: number, lastOffset = 0): string {
  return [-2, -1, 0].map((i) => codeAt(secret, time + (lastOffset + i) * 30_000)).join(" ");
}
