import { type Check, invalid } from "../base/checks.js";
import { type OptionTable, optional, type Resolved, withDefault } from "../base/options.js";
import { checkPath } from "../http/checks.js";
import { HTTP_OPTIONS } from "../http/options.js";
import { DEFAULT_PATHS, ROUTES, type RouteName } from "../routes/table.js";

/** Whom to ask about an API: an OpenAPI Contact Object. */
export interface OpenApiContact {
  name?: string | undefined;
  url?: string | undefined;
  email?: string | undefined;
}

/** Options of {@link createOpenApiDocument}. Give it what the router was given. */
export interface OpenApiOptions {
  /**
   * Title of the document.
   *
   * @default "TOTP"
   */
  title?: string | undefined;
  /**
   * Version of the app's API.
   *
   * @default "1.0.0"
   */
  version?: string | undefined;
  /**
   * Whom to ask about the API: an object with a `name`, a `url` or an `email`.
   *
   * @default the title as the name
   */
  contact?: OpenApiContact | undefined;
  /**
   * URLs that the paths are below, such as `https://api.example.com` or the prefix of the mounted router.
   *
   * @default ["/"]
   */
  servers?: readonly string[] | undefined;
  /**
   * Which routes the app has; `["setup"]` for an app with `createTotpSetupRouter` alone.
   *
   * @default all
   */
  routes?: readonly RouteName[] | undefined;
  /**
   * Where the routes are.
   *
   * @default "/auth/v1/users/current/totp"
   */
  basePath?: string | undefined;
  /**
   * Where the setup route is, for an app that gave `createTotpSetupRouter` a `path`.
   *
   * @default "/setup" below `basePath`
   */
  path?: string | undefined;
  /**
   * Where the login route is.
   *
   * @default "/auth/v1/verify-totp"
   */
  loginPath?: string | undefined;
  /**
   * Name of the header that has the API key.
   *
   * @default "X-API-Key"
   */
  apiKeyHeader?: string | undefined;
}

const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];

export const OPENAPI_OPTIONS = {
  title: withDefault("TOTP", checkText),
  version: withDefault("1.0.0", checkText),
  contact: optional(checkContact),
  servers: withDefault(["/"], listOf(checkText)),
  routes: withDefault(ROUTE_NAMES, listOf(checkRoute)),
  basePath: withDefault(DEFAULT_PATHS.basePath, checkPath),
  path: optional(checkPath),
  loginPath: withDefault(DEFAULT_PATHS.loginPath, checkPath),
  apiKeyHeader: HTTP_OPTIONS.apiKeyHeader,
} satisfies OptionTable<OpenApiOptions>;

export type OpenApiConfig = Resolved<typeof OPENAPI_OPTIONS>;

function checkText(option: string, value: unknown): string {
  if (isText(value)) return value;
  return invalid(option, "a text", value);
}

const CONTACT_FIELDS = ["name", "url", "email"];

function checkContact(option: string, value: unknown): OpenApiContact {
  const fields = Object.entries(Object(value)).filter(([, text]) => text !== undefined);
  const isValid = fields.every(([name, text]) => CONTACT_FIELDS.includes(name) && isText(text));
  if (isValid && fields.length > 0) return Object.fromEntries(fields);
  return invalid(option, "an object with a name, a url or an email", value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (option, value) => {
    if (!Array.isArray(value) || value.length === 0) return invalid(option, "a list", value);
    return value.map((each) => check(option, each));
  };
}

function checkRoute(option: string, value: unknown): RouteName {
  const known = ROUTE_NAMES.find((name) => name === value);
  return known ?? invalid(option, `a list of ${ROUTE_NAMES.join(", ")}`, value);
}
