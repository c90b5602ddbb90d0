import createHttpError, { type HttpError } from "http-errors";
import type { CompleteLoginOutcome } from "../service/login-outcomes.js";
import type {
  BeginSetupOutcome,
  ConfirmOutcome,
  DisableOutcome,
  RegenerateOutcome,
  VerifyOutcome,
} from "../service/outcomes.js";

/** The header with the fresh code that a change requires while TOTP is on. */
export const CODE_HEADER = "X-TOTP-Code";

type Refusal = Exclude<
  | BeginSetupOutcome
  | CompleteLoginOutcome
  | ConfirmOutcome
  | VerifyOutcome
  | DisableOutcome
  | RegenerateOutcome,
  { ok: true }
>;
type Reason = Refusal["reason"];
type Statuses = Record<Reason, [status: number, details: string]>;

const NOT_ON = "TOTP is not set up";

/** Refusals of a code in a body. A wrong one is a 422, because clients sign users out on a 401. */
const OF_BODY: Statuses = {
  malformed_code: [400, 'The field "code" is not a code'],
  wrong_code: [422, "The code is wrong or was used already"],
  clock_skew: [422, "The clock of the authenticator app is off; set it, and try again"],
  nothing_pending: [409, "There is no setup to confirm; begin one first"],
  expired: [409, "The setup has expired; begin a new one"],
  already_enabled: [409, "TOTP is on already"],
  not_enabled: [409, NOT_ON],
  code_required: [403, `Send a fresh code in the ${CODE_HEADER} header`],
  locked: [429, "Too many wrong codes; try again later, or use a backup code"],
  not_authorized: [403, "Setting up TOTP is not allowed now; sign in again, then retry"],
  unknown_session: [401, "The session is unknown or has expired; sign in again"],
  busy: [429, "Too many attempts at the same time; try again"],
};

/** Refusals of a change: a 403, whatever is wrong with the fresh code. */
export const OF_STEP_UP: Statuses = {
  ...OF_BODY,
  malformed_code: [403, `The ${CODE_HEADER} header is not a code`],
  wrong_code: [403, `The code in the ${CODE_HEADER} header is wrong or was used already`],
};

/** Refusals at login: a wrong code is a 401. */
export const OF_LOGIN: Statuses = {
  ...OF_BODY,
  wrong_code: [401, "The code is wrong or was used already"],
  not_enabled: [401, NOT_ON],
};

/** Refusals by the guard: a 403 even if TOTP is off. */
export const OF_GUARD: Statuses = {
  ...OF_STEP_UP,
  not_enabled: [403, `${NOT_ON}; set it up first`],
};

/** Creates the error that becomes the response to a refusal. */
export function refusalError(refusal: Refusal, statuses: Statuses = OF_BODY): HttpError {
  const { reason } = refusal;
  const [status, details] = statuses[reason];
  const { ok: _, reason: __, ...more } = refusal;
  const wait = "retryAfterSeconds" in refusal && {
    headers: { "Retry-After": String(refusal.retryAfterSeconds) },
  };
  return createHttpError(status, details, { reason, ...more, ...wait });
}
