import { ERRORS, type Operation } from "./operations.js";
import type { SchemaName } from "./schemas.js";

/**
 * Describes the responses of an operation, by status.
 *
 * @param method - The method of the operation. All others result in the 405.
 */
export function describeResponses(
  { success: [status, description, schema], errors, errorTexts }: Operation,
  method: string,
  hasPathParameter: boolean,
): Record<string, object> {
  const describe = (status: number, reasons: readonly string[]) =>
    describeError(reasons, errorTexts?.[status] ?? ERRORS[status], headersOf(status, method));
  const each = Object.entries(errors).map(([key, reasons]) => [key, describe(+key, reasons)]);
  return {
    [status]: { description, headers: NO_STORE, ...(schema && { content: json(schema) }) },
    ...(hasPathParameter && { 400: describeError([], UNDECODABLE, NO_STORE) }),
    405: describe(405, []),
    ...Object.fromEntries(each),
  };
}

export function json(schema: SchemaName): object {
  return { "application/json": { schema: refTo(schema) } };
}

function describeError(
  reasons: readonly string[],
  description: string | undefined,
  headers: object,
): object {
  if (reasons.length === 0) return { description, headers, content: json("ErrorResponse") };
  const reason = { type: "string", enum: reasons };
  const schema = { allOf: [refTo("ErrorResponse"), { properties: { reason } }] };
  return { description, headers, content: { "application/json": { schema } } };
}

function refTo(schema: SchemaName): object {
  return { $ref: `#/components/schemas/${schema}` };
}

function headersOf(status: number, method: string): object {
  if (status === 429) return { ...NO_STORE, ...RETRY_AFTER };
  if (status !== 405) return NO_STORE;
  const allowed = method === "GET" ? "GET, HEAD" : method;
  const schema = { type: "string", const: allowed };
  return { ...NO_STORE, Allow: { description: "The allowed methods.", required: true, schema } };
}

/** The meaning of a 400 if only the path can be malformed. */
const UNDECODABLE = "A parameter of the path cannot be decoded";

const NO_STORE = {
  "Cache-Control": { required: true, schema: { type: "string", const: "no-store" } },
};

const RETRY_AFTER = {
  "Retry-After": { description: "Seconds to wait.", required: true, schema: { type: "integer" } },
};
