import { type Check, invalid } from "../base/checks.js";
import { type OptionTable, optional, type Resolved, withDefault } from "../base/options.js";
import { checkPath } from "../http/checks.js";
import { HTTP_OPTIONS } from "../http/options.js";
import { DEFAULT_PATHS, ROUTES, type RouteName } from "../routes/table.js";

/**
 * The contact for an API: an OpenAPI Contact Object. Set at least one of its fields.
 *
 * @example
 * ```ts
 * const contact: OpenApiContact = { name: "Acme API team", email: "api@example.com" };
 * const document = createOpenApiDocument({ title: "Acme", contact });
 * ```
 */
export interface OpenApiContact {
  /** Name of a person or team. */
  name?: string | undefined;
  /** URL of a page about the contact. */
  url?: string | undefined;
  /** Email address. */
  email?: string | undefined;
}

/**
 * Options of {@link createOpenApiDocument}. Pass the same paths and header as to the router.
 *
 * @example
 * ```ts
 * const options: OpenApiOptions = { title: "Acme", basePath: "/two-factor", servers: ["https://api.example.com"] };
 * const document = createOpenApiDocument(options);
 * ```
 */
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
   * Contact for the API: an object with a `name`, `url`, or `email`.
   *
   * @default the title as the name
   */
  contact?: OpenApiContact | undefined;
  /**
   * Base URLs of the paths, such as `https://api.example.com` or the mount path of the router.
   *
   * @default ["/"]
   */
  servers?: readonly string[] | undefined;
  /**
   * The routes that the app has. `["setup"]` for an app that uses only `createTotpSetupRouter`.
   *
   * @default all
   */
  routes?: readonly RouteName[] | undefined;
  /**
   * The `basePath` of the router.
   *
   * @default "/auth/v1/users/current/totp"
   */
  basePath?: string | undefined;
  /**
   * The path of the setup route, if `createTotpSetupRouter` has the option `path`.
   *
   * @default "/setup" below `basePath`
   */
  path?: string | undefined;
  /**
   * The `loginPath` of the router.
   *
   * @default "/auth/v1/verify-totp"
   */
  loginPath?: string | undefined;
  /**
   * Header with the API key.
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
  return invalid(option, "a non-empty string", value);
}

const CONTACT_FIELDS = ["name", "url", "email"];

function checkContact(option: string, value: unknown): OpenApiContact {
  const fields = Object.entries(Object(value)).filter(([, text]) => text !== undefined);
  const isValid = fields.every(([name, text]) => CONTACT_FIELDS.includes(name) && isText(text));
  if (isValid && fields.length > 0) return Object.fromEntries(fields);
  return invalid(option, "an object with a name, url, or email", value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (option, value) => {
    if (!Array.isArray(value) || value.length === 0)
      return invalid(option, "a non-empty array", value);
    return value.map((each) => check(option, each));
  };
}

function checkRoute(option: string, value: unknown): RouteName {
  const known = ROUTE_NAMES.find((name) => name === value);
  return known ?? invalid(option, `an array of ${ROUTE_NAMES.join(", ")}`, value);
}
