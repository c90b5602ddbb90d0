import createHttpError, { type HttpError } from "http-errors";
import type {
  BeginSetupOutcome,
  Busy,
  ConfirmOutcome,
  DisableOutcome,
  Locked,
  RegenerateOutcome,
  SavePendingOutcome,
  VerifyOutcome,
} from "../service/outcomes.js";

/** The header of the fresh code that a change needs while TOTP is on. */
export const CODE_HEADER = "X-TOTP-Code";

type Refusal = Exclude<
  | BeginSetupOutcome
  | SavePendingOutcome
  | ConfirmOutcome
  | VerifyOutcome
  | DisableOutcome
  | RegenerateOutcome,
  { ok: true }
>;
type Reason = Refusal["reason"];
type Answers = Record<Exclude<Reason, "locked" | "busy">, [status: number, details: string]>;

const NOT_ON = "TOTP is not set up";

/** Refusals of a code in a body (contract: 422, so that no client takes a typing error for a sign-out). */
const OF_BODY: Answers = {
  malformed_code: [400, 'The field "code" is not a code'],
  wrong_code: [422, "The code is wrong or was used already"],
  nothing_pending: [409, "There is no setup to confirm; begin one first"],
  expired: [409, "The setup has expired; begin a new one"],
  not_enabled: [409, NOT_ON],
  code_required: [403, `Send a fresh code in the ${CODE_HEADER} header`],
};

/** Refusals of a change: 403 whatever is the matter with the fresh code. */
export const OF_STEP_UP: Answers = {
  ...OF_BODY,
  malformed_code: [403, `The ${CODE_HEADER} header is not a code`],
  wrong_code: [403, `The code in the ${CODE_HEADER} header is wrong or was used already`],
};

/** Refusals at a login: whoever has no right code is nobody. */
export const OF_LOGIN: Answers = {
  ...OF_BODY,
  wrong_code: [401, "The code is wrong or was used already"],
  not_enabled: [401, NOT_ON],
};

/** Refusals by the guard of a route: what cannot be proved is forbidden. */
export const OF_GUARD: Answers = {
  ...OF_STEP_UP,
  not_enabled: [403, `${NOT_ON}; set it up first`],
};

/** The error that answers a refusal. */
export function refusalError(refusal: Refusal, answers: Answers = OF_BODY): HttpError {
  if (refusal.reason === "locked") return tooMany(refusal, "Too many wrong codes; try again later");
  if (refusal.reason === "busy") return tooMany(refusal, "Too many attempts at the same time");
  const [status, details] = answers[refusal.reason];
  return createHttpError(status, details);
}

function tooMany({ retryAfterSeconds }: Locked | Busy, details: string): HttpError {
  return createHttpError(429, details, { headers: { "Retry-After": String(retryAfterSeconds) } });
}
