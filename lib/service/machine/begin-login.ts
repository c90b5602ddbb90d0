import { addEntry, findByHash } from "./entries.js";
import type { Operation } from "./operation.js";

const LOGIN_MS = 300_000;
const MOST_LOGINS = 10;

interface Input {
  /** The hash of the session id, which is used if the login requires a second step. */
  hash: string;
  deviceHash: string | undefined;
  mustEnroll: boolean;
}

interface NothingRequired {
  ok: true;
  isRequired: false;
  mustEnroll: false;
}

/** What a login requires after the password. `expiresAt` is set if a session has begun. */
export type LoginBegun =
  | NothingRequired
  | { ok: true; isRequired: true; mustEnroll: boolean; expiresAt: number };

const NOTHING_REQUIRED: NothingRequired = { ok: true, isRequired: false, mustEnroll: false };

/** Begins a session, unless TOTP is off and not mandatory, or the login comes from a trusted device. */
export const beginLogin: Operation<Input, LoginBegun> = (state, input, { now }) => {
  const mustEnroll = !state.active && input.mustEnroll;
  if (!state.active && !mustEnroll) return { state, outcome: NOTHING_REQUIRED };
  const device = state.active && findByHash(state.devices, input.deviceHash, now);
  if (device) {
    const events = [{ type: "login_by_device" as const, deviceId: device.id }];
    return { state, outcome: NOTHING_REQUIRED, events };
  }
  const expiresAt = now + LOGIN_MS;
  const login = { hash: input.hash, expiresAt, mustEnroll };
  return {
    state: { ...state, logins: addEntry(state.logins, login, MOST_LOGINS, now) },
    outcome: { ok: true, isRequired: true, mustEnroll, expiresAt },
    events: [{ type: "login_begun", expiresAt: new Date(expiresAt), mustEnroll }],
  };
};
