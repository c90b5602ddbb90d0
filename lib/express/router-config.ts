import { callback, invalid, oneOf, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import { checkHeaderName, checkPath, rejectMountedFactory } from "../http/checks.js";
import { errorHook } from "../http/log-error.js";
import { DEFAULT_PATHS } from "../routes/table.js";
import type { TotpService } from "../service/service.js";
import type { TotpRouterOptions } from "./router-options.js";

type Optional = "issueTokens" | "resolveLoginSession";

/** Options that were checked, every one in place. */
export interface RouterConfig
  extends Required<Omit<TotpRouterOptions, Optional>>,
    Pick<TotpRouterOptions, Optional> {
  timeoutMs: number;
}

const OPTION_NAMES = Object.keys({
  totp: true,
  authenticate: true,
  issueTokens: true,
  resolveLoginSession: true,
  stepUp: true,
  basePath: true,
  loginPath: true,
  apiKeyHeader: true,
  onError: true,
} satisfies Record<keyof TotpRouterOptions, true>);

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveRouterOptions(options: TotpRouterOptions): RouterConfig {
  rejectMountedFactory(
    options,
    "createTotpRouter",
    "app.use(createTotpRouter({ totp, authenticate }))",
  );
  rejectUnknownOptions(optionsObject(options, "createTotpRouter"), OPTION_NAMES);
  const { authenticate, issueTokens, resolveLoginSession } = options;
  const totp = checkService(options.totp);
  callback("(apiKey, req) => user or null")("authenticate", authenticate);
  if (issueTokens !== undefined) callback("(request) => tokens")("issueTokens", issueTokens);
  if (resolveLoginSession !== undefined) {
    callback("(sessionId, req) => user or null")("resolveLoginSession", resolveLoginSession);
  }
  const apiKeyHeader = checkHeaderName("apiKeyHeader", options.apiKeyHeader ?? "X-API-Key");
  return {
    totp,
    authenticate,
    issueTokens,
    resolveLoginSession,
    stepUp: oneOf(["required", "off"])("stepUp", options.stepUp ?? "required"),
    basePath: checkPath("basePath", options.basePath ?? DEFAULT_PATHS.basePath),
    loginPath: checkPath("loginPath", options.loginPath ?? DEFAULT_PATHS.loginPath),
    apiKeyHeader,
    onError: errorHook(options.onError, apiKeyHeader),
    timeoutMs: totp.config.timeoutMs,
  };
}

export function checkService(totp: unknown): TotpService {
  const { verify, config } = Object(totp) as Partial<TotpService>;
  if (typeof verify === "function" && config) return totp as TotpService;
  return invalid("totp", "what createTotpService returned", totp);
}
