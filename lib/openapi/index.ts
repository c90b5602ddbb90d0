import { resolveOptions } from "../base/options.js";
import { ROUTES, type RouteName } from "../routes/table.js";
import { ERRORS, OPERATIONS, type Operation, SETUP_ALONE, UNDECODABLE } from "./operations.js";
import { OPENAPI_OPTIONS, type OpenApiConfig, type OpenApiOptions } from "./options.js";
import { SCHEMAS, type SchemaName } from "./schemas.js";

export type { RouteName } from "../routes/table.js";
export type { OpenApiOptions } from "./options.js";

/** An OpenAPI 3.1 document: plain JSON. */
export interface OpenApiDocument {
  openapi: string;
  info: object;
  servers: object[];
  tags: object[];
  security: object[];
  paths: Record<string, Record<string, object>>;
  components: Record<string, Record<string, object>>;
}

const TAG = "TOTP";
const SECURITY = "apiKey";

/**
 * Describes the routes as an {@link https://spec.openapis.org/oas/v3.1.0 | OpenAPI 3.1} document, from the
 * same table that the router mounts them from. Give it the paths and the header that the router was given.
 *
 * @throws {@link TotpConfigError} where an option is unknown or unusable.
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
    const method = ROUTES[name].method.toLowerCase();
    paths[template] = {
      ...paths[template],
      [method]: describe(operationOf(name, config), template),
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

/** Those that are referred to; linters complain of others. */
function pickSchemas(operations: readonly Operation[]): Record<string, object> {
  const used = operations.flatMap(({ body, success }) => [body, success[2]]);
  const names: unknown[] = ["ErrorResponse", ...used];
  return Object.fromEntries(Object.entries(SCHEMAS).filter(([name]) => names.includes(name)));
}

function describeInfo({ title, version }: OpenApiConfig): object {
  return {
    title,
    version,
    description: "Enrollment, confirmation and use of time-based one-time passwords (RFC 6238).",
    license: { name: "MIT", identifier: "MIT" },
  };
}

function pathOf(name: RouteName, config: OpenApiConfig): string {
  return (name === "setup" && config.path) || ROUTES[name].path(config);
}

/** With the setup route alone, the library does not know whether TOTP is on: it asks for no code. */
function operationOf(name: RouteName, { routes }: OpenApiConfig): Operation {
  return routes.every((each) => each === "setup") ? SETUP_ALONE : OPERATIONS[name];
}

function describe(operation: Operation, template: string): object {
  const { body, success, errors, stepUp, isPublic, ...words } = operation;
  const [status, description, schema] = success;
  const inPath = pathParameters(template);
  const parameters = [...inPath, ...(stepUp ? [CODE_PARAMETER] : [])];
  const responses = Object.fromEntries(
    Object.entries(errors).map(([each, reasons]) => [each, describeError(Number(each), reasons)]),
  );
  return {
    tags: [TAG],
    ...words,
    ...(isPublic && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      [status]: { description, headers: NO_STORE, ...(schema && { content: json(schema) }) },
      ...(inPath.length > 0 && { 400: describeError(400, [], UNDECODABLE) }),
      ...responses,
    },
  };
}

function describeError(
  status: number,
  reasons: readonly string[],
  description = ERRORS[status],
): object {
  const headers = status === 429 ? { ...NO_STORE, ...RETRY_AFTER } : NO_STORE;
  if (reasons.length === 0) return { description, headers, content: json("ErrorResponse") };
  const reason = { type: "string", enum: reasons };
  const schema = { allOf: [refTo("ErrorResponse"), { properties: { reason } }] };
  return { description, headers, content: { "application/json": { schema } } };
}

function pathParameters(template: string): object[] {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
}

function json(schema: SchemaName): object {
  return { "application/json": { schema: refTo(schema) } };
}

function refTo(schema: SchemaName): object {
  return { $ref: `#/components/schemas/${schema}` };
}

const CODE_PARAMETER = {
  name: "X-TOTP-Code",
  in: "header",
  description: "A fresh code, needed while TOTP is on.",
  schema: { type: "string" },
};

const NO_STORE = {
  "Cache-Control": { required: true, schema: { type: "string", const: "no-store" } },
};

const RETRY_AFTER = {
  "Retry-After": { description: "Seconds.", required: true, schema: { type: "integer" } },
};
