import { TotpStateError } from "../../base/errors.js";
import { decodeBase32 } from "../../otp/base32.js";
import type {
  ActiveEnrollment,
  BackupCodeSet,
  Device,
  Enrollment,
  Lockout,
  Login,
  PendingEnrollment,
  PendingSetups,
  TotpState,
} from "../machine/state.js";

const VERSION = 2;

/** Encodes a state as text. Returns `undefined` if there is nothing to store. */
export function encodeState(state: TotpState): string | undefined {
  const { pending, active, backupCodes, lockout } = state;
  const [logins, devices] = [nonEmpty(state.logins), nonEmpty(state.devices)];
  if (!pending && !active && !lockout && !logins) return undefined;
  const text = { version: VERSION, pending, active, backupCodes, lockout, logins, devices };
  return JSON.stringify(text);
}

/**
 * Decodes the text of {@link encodeState}. Throws for anything else: a state that cannot be read must never be mistaken
 * for "TOTP is off".
 */
export function decodeState(text: string): TotpState {
  const { version, ...state } = parse(text);
  if (version !== VERSION) throw new TotpStateError("has an unknown version");
  const parts = ["pending", "active", "lockout", "logins"];
  const isEmpty = parts.every((part) => !Object.hasOwn(state, part));
  if (isEmpty || !isState(state)) throw new TotpStateError("is malformed");
  return state;
}

function nonEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length ? list : undefined;
}

type Check = (value: unknown) => boolean;

/** Accepts an object with these fields and no others, because a field with a damaged name would be missing. */
function record<T>(fields: { [Name in keyof Required<T>]: Check }): Check {
  return (value) =>
    isObject(value) &&
    Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
    Object.entries<Check>(fields).every(([name, check]) => check(value[name]));
}

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);

const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isPositive: Check = (value) => isCount(value) && Number(value) > 0;
const isText: Check = (value) => typeof value === "string" && value !== "";
const isSecret: Check = (value) =>
  typeof value === "string" && (decodeBase32(value)?.length ?? 0) > 0;

const ENROLLMENT: { [Name in keyof Enrollment]: Check } = {
  secret: isSecret,
  algorithm: oneOf("SHA1", "SHA256", "SHA512"),
  digits: oneOf(6, 8),
  period: isPositive,
};

const isPart = record<TotpState>({
  pending: optional(
    record<PendingSetups>({
      enrollments: listOf(
        record<PendingEnrollment>({
          ...ENROLLMENT,
          expiresAt: isCount,
          announcedSteps: optional(listOf(isCount)),
        }),
      ),
      expiresAt: isCount,
      wrongCodes: isCount,
    }),
  ),
  active: optional(
    record<ActiveEnrollment>({
      ...ENROLLMENT,
      createdAt: isCount,
      lastUsedStep: isCount,
      verifiedAt: isCount,
    }),
  ),
  backupCodes: optional(record<BackupCodeSet>({ salt: isText, hashes: listOf(isText) })),
  lockout: optional(
    record<Lockout>({
      wrongCodes: isCount,
      lockedUntil: isCount,
      allowanceUsedUntil: isCount,
      reportedAt: isCount,
    }),
  ),
  logins: optional(
    listOf(record<Login>({ hash: isText, expiresAt: isCount, mustEnroll: oneOf(true, false) })),
  ),
  devices: optional(
    listOf(
      record<Device>({
        id: isText,
        hash: isText,
        label: optional(isText),
        createdAt: isCount,
        expiresAt: isCount,
      }),
    ),
  ),
});

function isState(value: object): value is TotpState {
  return isPart(value);
}

function parse(text: string): { version?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // The parser's message would quote the text, including the secret.
  }
  throw new TotpStateError("is not a JSON object");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
