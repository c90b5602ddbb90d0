import {
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
  resolveEnrollmentOptions,
} from "../enrollment/options.js";
import { checkName } from "../otp/otpauth-uri.js";
import type { TotpStore } from "../stores/store.js";
import { BACKUP_CODE_LENGTHS } from "./machine/backup-codes.js";
import type { BackupCodeOptions, EncryptionOptions, TotpServiceOptions } from "./options.js";
import { type Codec, createCodec, type ResolvedEncryption } from "./storage/codec.js";

type OwnOptions = Omit<TotpServiceOptions, keyof EnrollmentOptions>;

/** Options that were checked, every one in place. */
export interface ServiceConfig
  extends EnrollmentConfig,
    Pick<OwnOptions, "store" | "issuer" | "accountName" | "onEvent"> {
  window: number;
  trustedDeviceDays: number;
  backupCodes: Required<BackupCodeOptions> | false;
  codec: Codec;
}

const OPTION_NAMES = [
  ...Object.keys({
    store: true,
    issuer: true,
    accountName: true,
    window: true,
    backupCodes: true,
    trustedDeviceDays: true,
    encryption: true,
    onEvent: true,
  } satisfies Record<keyof OwnOptions, true>),
  ...ENROLLMENT_OPTION_NAMES,
];

/** A wider window would need a smaller allowance of wrong codes than people can live with. */
const checkWindow = integerBetween(0, 2, "It counts time steps before and after the current one.");
const checkDays = integerBetween(1, 365, "It is in days.");
const DEFAULT_BACKUP_CODES: Required<BackupCodeOptions> = { count: 10, length: 16 };

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveServiceOptions(options: TotpServiceOptions): ServiceConfig {
  rejectUnknownOptions(optionsObject(options, "createTotpService"), OPTION_NAMES);
  const { issuer, accountName, onEvent } = options;
  if (issuer !== undefined && typeof issuer !== "function") checkName("issuer", issuer);
  if (accountName !== undefined) callback("(user) => string")("accountName", accountName);
  if (onEvent !== undefined) callback("(event) => void")("onEvent", onEvent);
  return {
    ...resolveEnrollmentOptions(options),
    store: checkStore(options.store),
    issuer,
    accountName,
    onEvent,
    window: checkWindow("window", options.window ?? 1),
    trustedDeviceDays: checkDays("trustedDeviceDays", options.trustedDeviceDays ?? 30),
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

function checkBackupCodes(given: BackupCodeOptions | false): Required<BackupCodeOptions> | false {
  if (given === false) return false;
  const options = merge("backupCodes", given, DEFAULT_BACKUP_CODES);
  integerBetween(1, 20)("backupCodes.count", options.count);
  oneOf(BACKUP_CODE_LENGTHS)("backupCodes.length", options.length);
  return options;
}

/** Only `undefined` stands for none: keys that failed to load as null or "" must not turn encryption off. */
function resolveEncryption(given: EncryptionOptions | undefined): ResolvedEncryption | undefined {
  if (given === undefined) return undefined;
  const names = ["current", "previous", "acceptPlain"];
  rejectUnknownOptions(optionsObject(given, "encryption"), names, "encryption.");
  const { acceptPlain = true, ...keys } = given;
  oneOf([true, false])("encryption.acceptPlain", acceptPlain);
  return { keys: resolveKeys("encryption", keys), acceptPlain };
}

function merge<T extends object>(option: string, given: Partial<T>, defaults: T): T {
  rejectUnknownOptions(optionsObject(given, option), Object.keys(defaults), `${option}.`);
  const isGiven = ([, value]: [string, unknown]) => value !== undefined;
  return { ...defaults, ...Object.fromEntries(Object.entries(given).filter(isGiven)) };
}
