import { invalid, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import { checkHeaderName, checkPath } from "../http/checks.js";
import { DEFAULT_PATHS, ROUTES, type RouteName } from "../routes/table.js";

/** Options of {@link createOpenApiDocument}. Give it what the router was given. */
export interface OpenApiOptions {
  /**
   * Title of the document.
   *
   * @default "TOTP"
   */
  title?: string;
  /**
   * Version of the app's API.
   *
   * @default "1.0.0"
   */
  version?: string;
  /**
   * URLs that the paths are below, such as `https://api.example.com` or the prefix of the mounted router.
   *
   * @default ["/"]
   */
  servers?: readonly string[];
  /**
   * Which routes the app has; `["setup"]` for an app with `createTotpSetupRouter` alone.
   *
   * @default all
   */
  routes?: readonly RouteName[];
  /**
   * Where the routes are.
   *
   * @default "/auth/v1/users/current/totp"
   */
  basePath?: string;
  /**
   * Where the setup route is, for an app that gave `createTotpSetupRouter` a `path`.
   *
   * @default "/setup" below `basePath`
   */
  path?: string;
  /**
   * Where the login route is.
   *
   * @default "/auth/v1/verify-totp"
   */
  loginPath?: string;
  /**
   * Name of the header that has the API key.
   *
   * @default "X-API-Key"
   */
  apiKeyHeader?: string;
}

export interface OpenApiConfig
  extends Required<Omit<OpenApiOptions, "path">>,
    Pick<OpenApiOptions, "path"> {}

const OPTION_NAMES = Object.keys({
  title: true,
  version: true,
  servers: true,
  routes: true,
  basePath: true,
  path: true,
  loginPath: true,
  apiKeyHeader: true,
} satisfies Record<keyof OpenApiOptions, true>);

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveOpenApiOptions(options: OpenApiOptions): OpenApiConfig {
  rejectUnknownOptions(optionsObject(options, "createOpenApiDocument"), OPTION_NAMES);
  const { title = "TOTP", version = "1.0.0", servers = ["/"] } = options;
  return {
    title: checkText("title", title),
    version: checkText("version", version),
    servers: checkList("servers", servers).map((url) => checkText("servers", url)),
    routes: checkRoutes(options.routes ?? (Object.keys(ROUTES) as RouteName[])),
    basePath: checkPath("basePath", options.basePath ?? DEFAULT_PATHS.basePath),
    path: options.path === undefined ? undefined : checkPath("path", options.path),
    loginPath: checkPath("loginPath", options.loginPath ?? DEFAULT_PATHS.loginPath),
    apiKeyHeader: checkHeaderName("apiKeyHeader", options.apiKeyHeader ?? "X-API-Key"),
  };
}

function checkText(option: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  return invalid(option, "a text", value);
}

function checkList<T>(option: string, value: readonly T[]): readonly T[] {
  return Array.isArray(value) && value.length > 0 ? value : invalid(option, "a list", value);
}

function checkRoutes(routes: readonly RouteName[]): readonly RouteName[] {
  const unknown = checkList("routes", routes).find((name) => !Object.hasOwn(ROUTES, name));
  if (unknown === undefined) return routes;
  return invalid("routes", `a list of ${Object.keys(ROUTES).join(", ")}`, unknown);
}
