import { types } from "node:util";
import { invalid, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import type { UserId } from "../base/user.js";
import { encodeBase32 } from "../otp/base32.js";
import { decodeExistingSecret, type SecretEncoding } from "../otp/existing-secret.js";
import { resolveParameters, type TotpParameters } from "../otp/parameters.js";
import { timeStepAt } from "../otp/time-step.js";
import { checkLastUsedStep } from "../otp/verify-totp.js";
import { type Core, callBy } from "./core.js";
import { importEnrollment as importIntoState } from "./machine/import-enrollment.js";
import type { ActiveEnrollment } from "./machine/state.js";
import type { ImportOutcome } from "./outcomes.js";

/**
 * A user's enrollment in another library or system. Pass the parameters that the authenticator app was set up with,
 * even if the service uses others for new enrollments.
 *
 * @example
 * ```ts
 * const existing: ExistingEnrollment = { secret: "JBSWY3DPEHPK3PXPJBSWY3DP", encoding: "base32", digits: 6 };
 * const outcome = await totp.importEnrollment(user.id, existing);
 * ```
 */
export interface ExistingEnrollment extends TotpParameters {
  /** The secret as it was stored, 10 to 128 bytes long. */
  secret: string;
  /**
   * The encoding of `secret`. speakeasy supports all three, otplib stores base32, and passport-totp uses the characters
   * of the key themselves, which is `"ascii"`.
   */
  encoding: SecretEncoding;
  /**
   * The time step of the last accepted code, so that it is not accepted again.
   *
   * @default none: any code that is right now is accepted
   */
  lastUsedStep?: number | null | undefined;
  /**
   * When TOTP was turned on.
   *
   * @default now
   */
  createdAt?: Date | null | undefined;
}

/** A clock can have been ahead by the widest window. An even later step is in another unit. */
const LATEST_STEPS_AHEAD = 10;

const NAMES = [
  "secret",
  "encoding",
  "algorithm",
  "digits",
  "period",
  "lastUsedStep",
  "createdAt",
] as const satisfies (keyof ExistingEnrollment)[];

export async function importEnrollment(
  core: Core,
  userId: UserId,
  existing: ExistingEnrollment,
): Promise<ImportOutcome> {
  rejectUnknownOptions(optionsObject(existing, "importEnrollment"), NAMES);
  const key = decodeExistingSecret(existing.secret, existing.encoding);
  const parameters = resolveParameters(existing);
  const now = core.now();
  const active: ActiveEnrollment = {
    secret: encodeBase32(key),
    ...parameters,
    createdAt: checkCreatedAt(existing.createdAt) ?? now,
    lastUsedStep: checkUsedStep(existing.lastUsedStep, timeStepAt(now, parameters.period)),
    verifiedAt: 0,
  };
  const call = callBy("trusted", userId, {});
  const outcome = await core.run(call, importIntoState, { active });
  return outcome.ok ? { ok: true, secretBits: key.length * 8 } : outcome;
}

/** Rejects a step in the far future, after which no code would ever be accepted. */
function checkUsedStep(value: unknown, current: number): number {
  const step = checkLastUsedStep(value);
  if (step <= current + LATEST_STEPS_AHEAD) return Math.max(step, 0);
  const expected = `a time step that a code was accepted for (the current one is ${current}), or null`;
  return invalid("lastUsedStep", expected, value, "It counts periods since 1970, not seconds.");
}

function checkCreatedAt(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (types.isDate(value) && value.getTime() >= 0) return value.getTime();
  return invalid("createdAt", "a Date", value);
}
