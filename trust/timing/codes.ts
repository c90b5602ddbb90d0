// Wrong codes against each other, through the operation that a service runs.

import { START, secretNo } from "../../__tests__/helpers/service.js";
import { decodeBase32 } from "../../lib/otp/base32.js";
import { computeCode } from "../../lib/otp/speakeasy.js";
import { findTimeStep } from "../../lib/otp/time-step.js";
import { generateBackupCodes } from "../../lib/service/machine/backup-codes.js";
import type { TotpState } from "../../lib/service/machine/state.js";
import { verify } from "../../lib/service/machine/verify.js";
import { asTyped, type Class, type Comparison } from "../welch.js";

const STEP_MS = 30_000;
const WINDOW = 1;
const SECRET = secretNo(1);
const KEY = decodeBase32(SECRET) as Buffer;
const PARAMETERS = { algorithm: "SHA1", digits: 6, period: 30 } as const;
const TIMES = 512;
const BACKUP_CODES = 10;

/** A code that is refused, and the time at which it is sent. */
interface Sent {
  state: TotpState;
  code: string;
  now: number;
}

const send = ({ state, code, now }: Sent) =>
  verify(state, { code, purpose: "verify" }, { now, window: WINDOW });

/** Makes the codes of both classes, for many times, before anything is measured. */
function compare(
  name: string,
  samples: number,
  random: () => number,
  codesAt: (now: number) => [first: string, second: string],
  state = stateOf(),
): Comparison<Sent> {
  const pool = Array.from({ length: TIMES }, (_, index) => {
    const now = START + index * STEP_MS;
    return { now, codes: codesAt(now).map(asTyped) };
  });
  for (const { now, codes } of pool) {
    for (const code of codes) {
      const { outcome } = send({ state, code, now });
      if (outcome.ok || outcome.reason !== "wrong_code")
        throw new Error(`${name}: not a wrong code`);
    }
  }
  const prepare = (kind: Class): Sent => {
    const { now, codes } = pool[Math.floor(random() * TIMES)] as (typeof pool)[number];
    return { state, now, code: String(codes[kind]) };
  };
  return { name, samples, prepare, run: send };
}

export function compareCodes(samples: number, random: () => number): Comparison<Sent>[] {
  const far = (now: number) => wrongLike(now, random, 0);
  return [
    compare("code: all digits wrong / first right", samples, random, (now) => [
      far(now),
      wrongLike(now, random, 1),
    ]),
    compare("code: all digits wrong / last wrong", samples, random, (now) => [
      far(now),
      wrongLike(now, random, 5),
    ]),
    compare("code: of no step / of a later step", samples, random, (now) => [
      far(now),
      codeAt(now, WINDOW + 1 + Math.floor(random() * 18)),
    ]),
    compare("three codes: none right / two right", samples, random, (now) => [
      far(now) + far(now) + far(now),
      codeAt(now, -1) + codeAt(now) + wrongLike(now, random, 0, 1),
    ]),
  ];
}

export function compareBackupCodes(samples: number, random: () => number): Comparison<Sent> {
  const { codes, set } = generateBackupCodes(BACKUP_CODES, 16);
  const { codes: others } = generateBackupCodes(TIMES, 16);
  let state: TotpState = { ...stateOf(), backupCodes: set };
  const used = codes.slice(0, BACKUP_CODES / 2);
  for (const code of used) ({ state } = send({ state, code, now: START - STEP_MS }));
  let next = 0;
  const name = "backup code: wrong / used";
  return compare(
    name,
    samples,
    random,
    () => [String(others[next++]), String(used[next % used.length])],
    state,
  );
}

/** What this check must see: a single HMAC more than the 41 that a wrong code takes. */
export function compareControl(samples: number, random: () => number): Comparison<Sent> {
  const twin = compare("control: one HMAC more", samples, random, (now) => [
    wrongLike(now, random, 0),
    wrongLike(now, random, 0),
  ]);
  const extra = new WeakSet<Sent>();
  return {
    ...twin,
    prepare(kind) {
      const sent = twin.prepare(kind);
      if (kind === 1) extra.add(sent);
      return sent;
    },
    run(sent) {
      if (extra.has(sent)) findTimeStep(KEY, sent.code, 1, 1, PARAMETERS);
      return twin.run(sent);
    },
  };
}

function stateOf(): TotpState {
  const times = { createdAt: START, verifiedAt: START, lastUsedStep: START / STEP_MS - 100 };
  return { active: { secret: SECRET, ...PARAMETERS, ...times } };
}

function codeAt(now: number, offset = 0): string {
  return computeCode(KEY, Math.floor(now / STEP_MS) + offset, "SHA1", 6);
}

/** A code of no step in reach, whose first digits are those of the right one, and no others. */
function wrongLike(now: number, random: () => number, right: number, offset = 0): string {
  const model = codeAt(now, offset);
  for (;;) {
    const code = [...model]
      .map((digit, i) => (i < right ? digit : (Number(digit) + 1 + Math.floor(random() * 9)) % 10))
      .join("");
    const current = Math.floor(now / STEP_MS);
    if (findTimeStep(KEY, code, current - 20, current + 21, PARAMETERS) === undefined) return code;
  }
}
