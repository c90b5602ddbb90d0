import { VOUCHED } from "../service.js";
import type { FuzzApp, Loaded } from "./apps.js";

export const TOTP_STATES = ["on", "off", "pending", "expired", "replacing", "locked"] as const;
export const LOGIN_STATES = ["none", "waits", "must enroll"] as const;

/** How a user stands before a request. */
export interface UserState {
  totp: (typeof TOTP_STATES)[number];
  login: (typeof LOGIN_STATES)[number];
  isSignedIn: boolean;
  isFresh: boolean;
}

const NO_FACTS = {
  key: "",
  sid: "",
  secret: "",
  code: "",
  wrong: "",
  three: "",
  backup: "",
  session: "",
  device: "",
  deviceId: "",
};

/** What a request can have in the place of `{{name}}`. */
export type Facts = typeof NO_FACTS;

const HOUR_MS = 3_600_000;
const STEP_MS = 30_000;
const ENOUGH_TO_LOCK = 5;

/** Puts a user into a state, past the routes. Nothing of an earlier one is left. */
export async function prepareUser(
  made: FuzzApp,
  lib: Loaded["lib"],
  user: string,
  state: UserState,
): Promise<Facts> {
  const { totp, clock } = made;
  await totp.reset(user);
  const facts = { ...NO_FACTS, key: `key-of-${user}`, sid: user };
  if (["on", "locked", "replacing"].includes(state.totp)) {
    Object.assign(facts, await turnOn(made, lib, user));
  }
  if (["pending", "expired", "replacing"].includes(state.totp)) {
    const begun = clock.time;
    if (state.totp === "expired") clock.time -= HOUR_MS;
    const setup = await totp.beginSetup(user, VOUCHED);
    clock.time = begun;
    if (setup.ok) facts.secret = setup.secret;
  }
  Object.assign(facts, codesOf(lib, facts.secret || lib.generateSecret(), clock.time));
  for (let i = 0; state.totp === "locked" && i < ENOUGH_TO_LOCK; i++) {
    await totp.verify(user, facts.wrong);
  }
  await beginSession(made, user, state, facts);
  return facts;
}

async function turnOn({ totp }: FuzzApp, lib: Loaded["lib"], user: string) {
  const secret = lib.generateSecret();
  await totp.importEnrollment(user, { secret, encoding: "base32" });
  const codes = await totp.regenerateBackupCodes(user, VOUCHED);
  const device = await totp.trustDevice(user, { label: "Browser" });
  if (!codes.ok || !device.ok) throw new Error("TOTP is not on");
  const { id: deviceId, token } = device;
  return { secret, backup: String(codes.backupCodes[0]), device: token, deviceId };
}

function codesOf({ generateTotp }: Loaded["lib"], secret: string, time: number) {
  const codeAt = (step: number) => generateTotp({ secret, now: () => time + step * STEP_MS });
  const near = [-2, -1, 0, 1, 2].map(codeAt);
  const wrong = String(["000000", "111111", "222222", "333333"].find((it) => !near.includes(it)));
  return { code: codeAt(0), three: near.slice(0, 3).join(" "), wrong };
}

async function beginSession(
  { totp, clock, sessions }: FuzzApp,
  user: string,
  state: UserState,
  facts: Facts,
): Promise<void> {
  const session: Record<string, unknown> = state.isSignedIn ? { userId: user } : {};
  if (state.login !== "none") {
    const login = await totp.beginLogin(user, { mustEnroll: state.login === "must enroll" });
    if (login.ok && login.isRequired) facts.session = login.sessionId;
    session.totpLogin = facts.session || undefined;
  }
  if (state.isFresh) {
    const enrolledAt = (await totp.status(user)).createdAt?.getTime();
    session.totpFreshness = { userId: user, enrolledAt, verifiedAt: clock.time };
  }
  sessions.set(user, session);
}
