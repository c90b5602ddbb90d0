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
 * What another library or system knows of a user's TOTP. The parameters are those that the authenticator app
 * was set up with, whatever the service uses for new enrollments.
 */
export interface ExistingEnrollment extends TotpParameters {
  /** As it was stored; of 10 to 128 bytes. */
  secret: string;
  /**
   * What `secret` is written in: speakeasy offers all three, otplib stores base32, and passport-totp takes
   * the text of the key as it is, which is `"ascii"`.
   */
  encoding: SecretEncoding;
  /**
   * The time step of the last code that was accepted before, so that it is not accepted again.
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

/** A clock may have been ahead by as much as the widest window; a later step is in another unit. */
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
  const call = callBy("trusted", userId, undefined);
  const outcome = await core.run(call, importIntoState, { active });
  return outcome.ok ? { ok: true, secretBits: key.length * 8 } : outcome;
}

/** A step that never comes would refuse every code for ever. */
function checkUsedStep(value: unknown, present: number): number {
  const step = checkLastUsedStep(value);
  if (step <= present + LATEST_STEPS_AHEAD) return Math.max(step, 0);
  const expected = `a time step that has begun (now is ${present}), or null`;
  return invalid("lastUsedStep", expected, value, "It counts periods since 1970, not seconds.");
}

function checkCreatedAt(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (types.isDate(value) && value.getTime() >= 0) return value.getTime();
  return invalid("createdAt", "a Date", value);
}
