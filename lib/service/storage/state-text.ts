import { TotpStateError } from "../../base/errors.js";
import { decodeBase32 } from "../../otp/base32.js";
import type {
  ActiveEnrollment,
  Attempts,
  BackupCodeSet,
  Enrollment,
  PendingEnrollment,
  TotpState,
} from "../state.js";

const VERSION = 1;

/** The state as text; `undefined` where there is nothing to keep. */
export function encodeState(state: TotpState): string | undefined {
  const { pending, active, backupCodes, attempts } = state;
  if (!pending && !active && !attempts) return undefined;
  return JSON.stringify({ version: VERSION, pending, active, backupCodes, attempts });
}

/**
 * Reads what {@link encodeState} wrote. Whatever is not exactly that stops the call: a state that cannot
 * be read must never pass for "TOTP is off".
 */
export function decodeState(text: string): TotpState {
  const { version, pending, active, backupCodes, attempts, ...unknown } = parse(text);
  if (version !== VERSION) throw new TotpStateError("has an unknown version");
  const isValid =
    // A part under a damaged name would be missing; it must not pass for one that is not there.
    Object.keys(unknown).length === 0 &&
    [pending, active, attempts].some((part) => part !== undefined) &&
    optional(pending, isPending) &&
    optional(active, isActive) &&
    optional(backupCodes, isBackupCodeSet) &&
    optional(attempts, isAttempts);
  if (!isValid) throw new TotpStateError("is malformed");
  return { pending, active, backupCodes, attempts } as TotpState;
}

type Fields<T = Record<string, unknown>> = { [K in keyof T]?: unknown };

function parse(text: string): Fields<TotpState> & { version?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // The parser's own message would quote the text, and with it the secret.
  }
  throw new TotpStateError("is not a JSON object");
}

function isEnrollment(value: unknown): value is Fields<Enrollment> {
  if (!isObject(value)) return false;
  const { secret, algorithm, digits, period } = value as Fields<Enrollment>;
  return (
    typeof secret === "string" &&
    (decodeBase32(secret)?.length ?? 0) > 0 &&
    (algorithm === "SHA1" || algorithm === "SHA256" || algorithm === "SHA512") &&
    (digits === 6 || digits === 8) &&
    isCount(period) &&
    period > 0
  );
}

function isPending(value: unknown): boolean {
  return isEnrollment(value) && isCount((value as Fields<PendingEnrollment>).expiresAt);
}

function isActive(value: unknown): boolean {
  const { createdAt, lastUsedStep, verifiedAt } = value as Fields<ActiveEnrollment>;
  return isEnrollment(value) && isCount(createdAt) && isCount(lastUsedStep) && isCount(verifiedAt);
}

function isBackupCodeSet(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { salt, cost, hashes } = value as Fields<BackupCodeSet>;
  return (
    typeof salt === "string" &&
    salt !== "" &&
    isCost(cost) &&
    Array.isArray(hashes) &&
    hashes.every((hash) => typeof hash === "string" && hash !== "")
  );
}

/** What scrypt takes as N, up to the highest that a service can be given. */
function isCost(value: unknown): boolean {
  return isCount(value) && value > 1 && value <= 2 ** 20 && Number.isInteger(Math.log2(value));
}

function isAttempts(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { failures, locks, lockedUntil } = value as Fields<Attempts>;
  return isCount(failures) && isCount(locks) && isCount(lockedUntil);
}

function optional(value: unknown, check: (value: unknown) => boolean): boolean {
  return value === undefined || (isObject(value) && check(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
