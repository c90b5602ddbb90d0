import { callback, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import {
  ENROLLMENT_OPTION_NAMES,
  type EnrollmentConfig,
  type EnrollmentOptions,
  resolveEnrollmentOptions,
} from "../enrollment/options.js";
import { checkHeaderName, checkPath, rejectMountedFactory } from "../http/checks.js";
import { errorHook } from "../http/log-error.js";
import { checkName } from "../otp/otpauth-uri.js";
import { DEFAULT_PATHS, ROUTES } from "../routes/table.js";
import type { TotpSetupOptions } from "./setup-options.js";

type OwnOptions = Omit<TotpSetupOptions, keyof EnrollmentOptions>;
type Optional = "issuer" | "accountName" | "onEvent";

/** Options that were checked, every one in place. What a user looks like is known to the app alone. */
export interface SetupConfig
  extends EnrollmentConfig,
    Required<Omit<OwnOptions, Optional>>,
    Pick<OwnOptions, Optional> {}

const OPTION_NAMES = [
  ...Object.keys({
    authenticate: true,
    savePendingSecret: true,
    issuer: true,
    accountName: true,
    path: true,
    apiKeyHeader: true,
    onEvent: true,
    onError: true,
  } satisfies Record<keyof OwnOptions, true>),
  ...ENROLLMENT_OPTION_NAMES,
];

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveSetupOptions(options: TotpSetupOptions): SetupConfig {
  rejectMountedFactory(
    options,
    "createTotpSetupRouter",
    "app.use(createTotpSetupRouter({ authenticate, savePendingSecret }))",
  );
  rejectUnknownOptions(optionsObject(options, "createTotpSetupRouter"), OPTION_NAMES);
  checkCallbacks(options);
  const { authenticate, savePendingSecret, issuer, accountName, onEvent } = options;
  if (issuer !== undefined && typeof issuer !== "function") checkName("issuer", issuer);
  const apiKeyHeader = checkHeaderName("apiKeyHeader", options.apiKeyHeader ?? "X-API-Key");
  return {
    ...resolveEnrollmentOptions(options),
    authenticate,
    savePendingSecret,
    issuer,
    accountName,
    path: checkPath("path", options.path ?? ROUTES.setup.path(DEFAULT_PATHS)),
    apiKeyHeader,
    onEvent,
    onError: errorHook(options.onError, apiKeyHeader),
  };
}

function checkCallbacks(options: TotpSetupOptions): void {
  callback("(apiKey, req) => user or null")("authenticate", options.authenticate);
  callback("(userId, secret, details) => void")("savePendingSecret", options.savePendingSecret);
  const { accountName, onEvent } = options;
  if (accountName !== undefined) callback("(user) => string")("accountName", accountName);
  if (onEvent !== undefined) callback("(event) => void")("onEvent", onEvent);
}
