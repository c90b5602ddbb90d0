import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { createOpenApiDocument, type OpenApiOptions } from "express-totp-setup/openapi";

export type Operations = Record<string, { responses: Record<string, Described> }>;

/** An answer in the words of the document. */
export interface Described {
  headers: Record<string, { schema: { type: string } }>;
  content?: Record<string, object>;
}

/** The reasons that an error comes with; none if it is about something else than codes or state. */
export function reasonsOf({ content }: Described): string[] {
  const { schema } = Object(content?.["application/json"]) as { schema?: { allOf?: object[] } };
  const parts = (schema?.allOf ?? []) as { properties?: { reason: { enum: string[] } } }[];
  return parts.flatMap(({ properties }) => properties?.reason.enum ?? []);
}

/** Tells what is wrong with a value by a schema of the document; nothing where it is valid. */
export type Validate = (pointer: string, value: unknown) => string[];

const readBefore = new Map<string, ReturnType<typeof readDocument>>();

/**
 * Reads the document of a router that was made with these options. Its answers are closed, unless the app adds
 * fields of its own. Compiling is slow and most apps are alike, so that each is read once.
 */
export function read(options: OpenApiOptions, ownFields: boolean) {
  const key = JSON.stringify([options, ownFields]);
  const document = readBefore.get(key) ?? readDocument(options, ownFields);
  readBefore.set(key, document);
  return document;
}

function readDocument(options: OpenApiOptions, ownFields: boolean) {
  const document = structuredClone(createOpenApiDocument(options));
  if (!ownFields) {
    for (const schema of Object.values(document.components.schemas ?? {})) {
      Object.assign(schema, { additionalProperties: false });
    }
  }
  // Not strict: a document has keywords that no schema has.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: "document", ...document });
  const validate: Validate = (pointer, value) => {
    const check = ajv.getSchema(`document#${pointer}`);
    if (!check) throw new Error(`the document has no ${pointer}`);
    check(value);
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
  const paths = Object.entries(document.paths).map(([template, operations]) => ({
    pattern: patternOf(template),
    pointer: `/paths/${escapePointer(template)}`,
    operations: operations as Operations,
  }));
  const findPath = (path: string) => paths.find(({ pattern }) => pattern.test(path));
  return { findPath, validate };
}

/** As Express reads a path: in any case, with or without a slash at its end. */
function patternOf(template: string): RegExp {
  const literal = template.replace(/\/+$/, "").replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replace(/\{\w+\}/g, "[^/]+")}/?$`, "i");
}

function escapePointer(template: string): string {
  return encodeURIComponent(template.replaceAll("~", "~0").replaceAll("/", "~1"));
}
