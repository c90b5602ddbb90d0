import {
  type Check,
  callback,
  integerBetween,
  invalid,
  oneOf,
  optionsObject,
  rejectUnknownOptions,
} from "../base/checks.js";
import { resolveKeys } from "../encryption/keys.js";
import {
  ENROLLMENT_OPTION_NAMES,
  type EnrollmentConfig,
  type EnrollmentOptions,
  pickEnrollmentOptions,
  resolveEnrollmentOptions,
} from "../enrollment/options.js";
import { checkName } from "../otp/otpauth-uri.js";
import { checkWindow, DEFAULT_WINDOW } from "../otp/verify-totp.js";
import type { TotpStore } from "../stores/store.js";
import type { AttemptPolicy } from "./lockout.js";
import type { BackupCodeOptions, EncryptionOptions, TotpServiceOptions } from "./options.js";
import { type Codec, createCodec, type ResolvedEncryption } from "./storage/codec.js";

type OwnOptions = Omit<TotpServiceOptions, keyof EnrollmentOptions>;

/** Options that were checked, every one in place. */
export interface ServiceConfig
  extends EnrollmentConfig,
    Pick<OwnOptions, "store" | "issuer" | "accountName" | "onEvent"> {
  /** The options of {@link EnrollmentOptions} as they were given, for a router of this service. */
  enrollment: EnrollmentOptions;
  window: number;
  attempts: AttemptPolicy;
  backupCodes: Required<BackupCodeOptions>;
  codec: Codec;
}

const OPTION_NAMES = [
  ...Object.keys({
    store: true,
    issuer: true,
    accountName: true,
    window: true,
    attempts: true,
    backupCodes: true,
    encryption: true,
    onEvent: true,
  } satisfies Record<keyof OwnOptions, true>),
  ...ENROLLMENT_OPTION_NAMES,
];

const DEFAULT_ATTEMPTS: AttemptPolicy = { limit: 5, lockSeconds: 900, maxLockSeconds: 86_400 };
const DEFAULT_BACKUP_CODES: Required<BackupCodeOptions> = { count: 10, cost: 16_384 };

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveServiceOptions(options: TotpServiceOptions): ServiceConfig {
  rejectUnknownOptions(optionsObject(options, "createTotpService"), OPTION_NAMES);
  const { issuer, accountName, onEvent } = options;
  if (issuer !== undefined && typeof issuer !== "function") checkName("issuer", issuer);
  if (accountName !== undefined) callback("(user) => string")("accountName", accountName);
  if (onEvent !== undefined) callback("(event) => void")("onEvent", onEvent);
  return {
    ...resolveEnrollmentOptions(options),
    enrollment: pickEnrollmentOptions(options),
    store: checkStore(options.store),
    issuer,
    accountName,
    onEvent,
    window: checkWindow("window", options.window ?? DEFAULT_WINDOW),
    attempts: checkAttempts(options.attempts ?? {}),
    backupCodes: checkBackupCodes(options.backupCodes ?? {}),
    codec: createCodec(resolveEncryption(options.encryption)),
  };
}

function checkStore(store: unknown): TotpStore {
  const { get, compareAndSet } = (store ?? {}) as Partial<TotpStore>;
  if (typeof get === "function" && typeof compareAndSet === "function") return store as TotpStore;
  return invalid(
    "store",
    "an object with the methods get and compareAndSet",
    store,
    "createMemoryStore() makes one for a first try.",
  );
}

function checkAttempts(given: Partial<AttemptPolicy>): AttemptPolicy {
  const policy = merge("attempts", given, DEFAULT_ATTEMPTS);
  integerBetween(1, 100)("attempts.limit", policy.limit);
  integerBetween(1, 31_536_000, "It is in seconds.")("attempts.lockSeconds", policy.lockSeconds);
  integerBetween(
    policy.lockSeconds,
    31_536_000,
    "It is in seconds, lockSeconds at least.",
  )("attempts.maxLockSeconds", policy.maxLockSeconds);
  return policy;
}

function checkBackupCodes(given: BackupCodeOptions): Required<BackupCodeOptions> {
  const options = merge("backupCodes", given, DEFAULT_BACKUP_CODES);
  integerBetween(1, 20)("backupCodes.count", options.count);
  powerOfTwo(1024, 1_048_576)("backupCodes.cost", options.cost);
  return options;
}

/** Only `undefined` stands for none: keys that failed to load as null or "" must not turn encryption off. */
function resolveEncryption(given: EncryptionOptions | undefined): ResolvedEncryption | undefined {
  if (given === undefined) return undefined;
  const names = ["current", "previous", "acceptPlaintext"];
  rejectUnknownOptions(optionsObject(given, "encryption"), names, "encryption.");
  const { acceptPlaintext = false, ...keys } = given;
  oneOf([true, false])("encryption.acceptPlaintext", acceptPlaintext);
  return { keys: resolveKeys("encryption", keys), acceptPlaintext };
}

function powerOfTwo(min: number, max: number): Check<number> {
  return (option, value) => {
    const cost = integerBetween(min, max, "It is scrypt's N, a power of two.")(option, value);
    if (Number.isInteger(Math.log2(cost))) return cost;
    return invalid(option, `a power of two from ${min} to ${max}`, value);
  };
}

function merge<T extends object>(option: string, given: Partial<T>, defaults: T): T {
  rejectUnknownOptions(optionsObject(given, option), Object.keys(defaults), `${option}.`);
  const isGiven = ([, value]: [string, unknown]) => value !== undefined;
  return { ...defaults, ...Object.fromEntries(Object.entries(given).filter(isGiven)) };
}
