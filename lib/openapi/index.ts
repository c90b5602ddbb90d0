import { ROUTES, type RouteName } from "../routes/table.js";
import { ERRORS, OPERATIONS, type Operation, SETUP_ALONE, UNDECODABLE } from "./operations.js";
import { type OpenApiConfig, type OpenApiOptions, resolveOpenApiOptions } from "./options.js";
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
  const config = resolveOpenApiOptions(options);
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
  const names: unknown[] = ["Error", ...used];
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
  const responses = Object.fromEntries(errors.map((each) => [each, describeError(each)]));
  return {
    tags: [TAG],
    ...words,
    ...(isPublic && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      [status]: { description, headers: NO_STORE, ...(schema && { content: json(schema) }) },
      ...(inPath.length > 0 && { 400: describeError(400, UNDECODABLE) }),
      ...responses,
    },
  };
}

function describeError(status: number, description = ERRORS[status]): object {
  const headers = status === 429 ? { ...NO_STORE, ...RETRY_AFTER } : NO_STORE;
  return { description, headers, content: json("Error") };
}

function pathParameters(template: string): object[] {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
}

function json(schema: SchemaName): object {
  return { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } };
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
