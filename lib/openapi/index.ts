import { resolveOptions } from "../base/options.js";
import { ROUTES, type RouteName } from "../routes/table.js";
import { OPERATIONS, type Operation, SETUP_ALONE } from "./operations.js";
import { OPENAPI_OPTIONS, type OpenApiConfig, type OpenApiOptions } from "./options.js";
import { describeResponses, json } from "./responses.js";
import { SCHEMAS } from "./schemas.js";

export type { RouteName } from "../routes/table.js";
export type { OpenApiContact, OpenApiOptions } from "./options.js";

/**
 * An OpenAPI 3.1 document, as plain JSON.
 *
 * @example
 * ```ts
 * const document: OpenApiDocument = createOpenApiDocument({ title: "Acme" });
 * console.log(Object.keys(document.paths)); // ["/auth/v1/users/current/totp/setup", …]
 * ```
 */
export interface OpenApiDocument {
  /** The version of OpenAPI. */
  openapi: string;
  /** Title, version, description, contact, and license. */
  info: object;
  /** The base URLs. */
  servers: object[];
  /** The one tag of all operations. */
  tags: object[];
  /** The API key. */
  security: object[];
  /** The operations, by path and method. */
  paths: Record<string, Record<string, object>>;
  /** Schemas and security schemes. */
  components: Record<string, Record<string, object>>;
}

const TAG = "TOTP";
const SECURITY = "apiKey";

/**
 * Describes the routes as an {@link https://spec.openapis.org/oas/v3.1.0 | OpenAPI 3.1} document, from the same table
 * that the router uses to mount them. Pass the same paths and header as to the router.
 *
 * @throws `TotpConfigError` if an option is unknown or invalid.
 * @example
 * ```ts
 * app.get("/openapi.json", (_req, res) => res.json(createOpenApiDocument({ title: "Acme" })));
 * ```
 */
export function createOpenApiDocument(options: OpenApiOptions = {}): OpenApiDocument {
  const config = resolveOptions("createOpenApiDocument", OPENAPI_OPTIONS, options);
  const paths: OpenApiDocument["paths"] = {};
  for (const name of config.routes) {
    const template = pathOf(name, config).replace(/:(\w+)/g, "{$1}");
    const { method } = ROUTES[name];
    paths[template] = {
      ...paths[template],
      [method.toLowerCase()]: describe(operationOf(name, config), method, template),
    };
  }
  return {
    openapi: "3.1.0",
    info: describeInfo(config),
    servers: config.servers.map((url) => ({ url })),
    tags: [{ name: TAG, description: "Two-factor authentication with an authenticator app." }],
    security: [{ [SECURITY]: [] }],
    paths,
    components: {
      securitySchemes: {
        [SECURITY]: { type: "apiKey", in: "header", name: config.apiKeyHeader },
      },
      schemas: pickSchemas(config.routes.map((name) => OPERATIONS[name])),
    },
  };
}

/** Picks the schemas that are used, because linters complain about others. */
function pickSchemas(operations: readonly Operation[]): Record<string, object> {
  const used = operations.flatMap(({ body, success }) => [body, success[2]]);
  const names: unknown[] = ["ErrorResponse", ...used];
  return Object.fromEntries(Object.entries(SCHEMAS).filter(([name]) => names.includes(name)));
}

function describeInfo({ title, version, contact, routes }: OpenApiConfig): object {
  const what = isSetupAlone(routes) ? "Enrollment" : "Enrollment, confirmation and use";
  return {
    title,
    version,
    description: `${what} of time-based one-time passwords (RFC 6238).`,
    contact: contact ?? { name: title },
    license: { name: "MIT", identifier: "MIT" },
  };
}

function pathOf(name: RouteName, config: OpenApiConfig): string {
  return (name === "setup" && config.path) || ROUTES[name].path(config);
}

/** The setup router does not know whether TOTP is on, so its route requires no code. */
function operationOf(name: RouteName, { routes }: OpenApiConfig): Operation {
  return isSetupAlone(routes) ? SETUP_ALONE : OPERATIONS[name];
}

function isSetupAlone(routes: readonly RouteName[]): boolean {
  return routes.every((each) => each === "setup");
}

function describe(operation: Operation, method: string, template: string): object {
  const { body, success, errors, errorTexts, stepUp, isPublic, ...words } = operation;
  const inPath = pathParameters(template);
  const parameters = [...inPath, ...(stepUp ? [CODE_PARAMETER] : [])];
  return {
    tags: [TAG],
    ...words,
    ...(isPublic && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: describeResponses(operation, method, inPath.length > 0),
  };
}

function pathParameters(template: string): object[] {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return names.map((name) => ({
    name,
    in: "path",
    description: `The ${name} in the path.`,
    required: true,
    schema: { type: "string" },
  }));
}

const CODE_PARAMETER = {
  name: "X-TOTP-Code",
  in: "header",
  description: "A fresh code. Required while TOTP is on.",
  schema: { type: "string" },
};
