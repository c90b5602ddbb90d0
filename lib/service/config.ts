import {
  callback,
  integerBetween,
  invalid,
  oneOf,
  optionsObject,
  rejectUnknownOptions,
} from "../base/checks.js";
import {
  nested,
  type OptionTable,
  optional,
  type Resolved,
  required,
  resolveOptions,
  withDefault,
} from "../base/options.js";
import type { TotpUser } from "../base/user.js";
import { resolveKeys } from "../encryption/keys.js";
import { ACCOUNT_NAME_OPTION, issuerOption } from "../enrollment/account.js";
import { ENROLLMENT_OPTIONS, groupParameters } from "../enrollment/options.js";
import type { TotpStore } from "../stores/store.js";
import type { TotpEvent } from "./events.js";
import { BACKUP_CODE_LENGTHS } from "./machine/backup-codes.js";
import type { BackupCodeOptions, EncryptionOptions, TotpServiceOptions } from "./options.js";
import { createCodec, type ResolvedEncryption } from "./storage/codec.js";

export const BACKUP_CODE_OPTIONS = {
  count: withDefault(10, integerBetween(1, 20)),
  length: withDefault(16, oneOf(BACKUP_CODE_LENGTHS)),
} satisfies OptionTable<BackupCodeOptions>;

const checkBackupCodeOptions = nested(BACKUP_CODE_OPTIONS);
type ResolvedBackupCodes = Resolved<typeof BACKUP_CODE_OPTIONS>;

export const SERVICE_OPTIONS = {
  ...ENROLLMENT_OPTIONS,
  store: required(checkStore),
  issuer: issuerOption<(user: TotpUser) => string | PromiseLike<string>>(),
  accountName: ACCOUNT_NAME_OPTION,
  // A wider window would require a weekly allowance of wrong codes that is too small for people.
  window: withDefault(
    1,
    integerBetween(0, 2, "It counts time steps before and after the current one."),
  ),
  encryption: optional(checkEncryption),
  backupCodes: withDefault({}, checkBackupCodes),
  trustedDeviceDays: withDefault(30, integerBetween(1, 365, "It is in days.")),
  onEvent: optional(callback<(event: TotpEvent) => unknown>("(event) => void")),
} satisfies OptionTable<TotpServiceOptions>;

/** Checked options, with all defaults filled in. */
export type ServiceConfig = ReturnType<typeof resolveServiceOptions>;

/** @throws {@link TotpConfigError} for the first invalid option. */
export function resolveServiceOptions(options: TotpServiceOptions) {
  const resolved = resolveOptions("createTotpService", SERVICE_OPTIONS, options);
  // The configuration is public, so the keys are kept in the codec.
  const { encryption, ...rest } = groupParameters(resolved);
  return { ...rest, codec: createCodec(encryption) };
}

function checkStore(option: string, store: unknown): TotpStore {
  const { get, compareAndSet } = (store ?? {}) as Partial<TotpStore>;
  if (typeof get === "function" && typeof compareAndSet === "function") return store as TotpStore;
  return invalid(
    option,
    "an object with the methods get and compareAndSet",
    store,
    "To try it out, use createMemoryStore().",
  );
}

function checkBackupCodes(option: string, given: unknown): ResolvedBackupCodes | false {
  return given === false ? false : checkBackupCodeOptions(option, given);
}

/** Rejects `null` and an empty string: keys that failed to load must not turn encryption off. */
function checkEncryption(option: string, given: unknown): ResolvedEncryption {
  const names = ["current", "previous", "acceptPlaintext"];
  rejectUnknownOptions(optionsObject(given, option), names, `${option}.`);
  const { acceptPlaintext = false, ...keys } = given as EncryptionOptions;
  oneOf([true, false])(`${option}.acceptPlaintext`, acceptPlaintext);
  return { keys: resolveKeys(option, keys), acceptPlaintext };
}
