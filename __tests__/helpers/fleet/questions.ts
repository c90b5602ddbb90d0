import type { Question } from "./ask.js";

const CURRENT = "/auth/v1/users/current/totp";
const keyOf = (user: string) => ({ "X-API-Key": `key-of-${user}` });

/** What users ask, one function a route. */
export const setup = (user: string, code?: string): Question => ({
  method: "POST",
  path: `${CURRENT}/setup`,
  headers: { ...keyOf(user), ...(code !== undefined && { "X-TOTP-Code": code }) },
});

export const confirm = (user: string, code: string): Question => ({
  method: "POST",
  path: `${CURRENT}/verify`,
  headers: keyOf(user),
  body: { code },
});

export const status = (user: string): Question => ({
  method: "GET",
  path: `${CURRENT}/status`,
  headers: keyOf(user),
});

export const login = (user: string, code: string): Question => ({
  method: "POST",
  path: "/auth/v1/verify-totp",
  body: { session_id: `login-of-${user}`, code },
});

/** The first step of a login, whose second one is {@link completeLogin}. */
export const beginLogin = (user: string, deviceToken?: string): Question => ({
  method: "POST",
  path: `/login/${user}`,
  body: { device_token: deviceToken },
});

export const completeLogin = (sessionId: string, code: string, deviceLabel?: string): Question => ({
  method: "POST",
  path: "/sessions/verify-totp",
  body: {
    session_id: sessionId,
    code,
    ...(deviceLabel !== undefined && { trust_device: true, device_label: deviceLabel }),
  },
});

export const devices = (user: string): Question => ({
  method: "GET",
  path: `${CURRENT}/devices`,
  headers: keyOf(user),
});

export const revokeDevice = (user: string, id: string): Question => ({
  method: "DELETE",
  path: `${CURRENT}/devices/${id}`,
  headers: keyOf(user),
});

/** The app's own route behind the guard. */
export const transfer = (user: string, code: string): Question => ({
  method: "POST",
  path: "/transfers",
  headers: { ...keyOf(user), "X-TOTP-Code": code },
});

export const regenerate = (user: string, code: string): Question => ({
  method: "POST",
  path: `${CURRENT}/backup-codes/regenerate`,
  headers: { ...keyOf(user), "X-TOTP-Code": code },
});

export const remove = (user: string, code: string): Question => ({
  method: "DELETE",
  path: `${CURRENT}/delete`,
  headers: { ...keyOf(user), "X-TOTP-Code": code },
});

const administer = (user: string, what: string, body?: object): Question => ({
  method: "POST",
  path: `/admin/${user}/${what}`,
  body,
});

/** What an administrator's tool does. */
export const unlock = (user: string) => administer(user, "unlock");
export const reset = (user: string) => administer(user, "reset");
export const reencrypt = (user: string) => administer(user, "reencrypt");
export const importSecret = (user: string, secret: string) =>
  administer(user, "import", { secret });
