import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "@swc/core";

export const ROOT = path.join(__dirname, "../..");

/** A module of lib, with paths relative to lib, such as `otp/secret.ts`. */
export interface LibModule {
  path: string;
  /** Without the examples in its comments, of which each public name has one. */
  lines: number;
  /** Modules of lib that it imports, types included. */
  imports: string[];
  /** Packages and Node's own modules that it imports, types included: `qrcode`, `node:crypto`. */
  packages: string[];
}

export function readLib(): LibModule[] {
  const lib = path.join(ROOT, "lib");
  return readdirSync(lib, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readModule(file, readFileSync(path.join(lib, file), "utf8")));
}

function readModule(file: string, code: string): LibModule {
  const specifiers = [...new Set(specifiersIn(parseSync(code, { syntax: "typescript" })))];
  const isRelative = (specifier: string) => specifier.startsWith(".");
  return {
    path: file,
    lines: withoutExamples(code.trimEnd()).split("\n").length,
    imports: specifiers
      .filter(isRelative)
      .map((specifier) => path.posix.join(path.posix.dirname(file), specifier))
      .map((target) => target.replace(/\.js$/, ".ts")),
    packages: specifiers.filter((specifier) => !isRelative(specifier)).map(packageName),
  };
}

function withoutExamples(code: string): string {
  return code.replace(/^ *\* @example.*\n *\* ```ts\n(?: *\*.*\n)*? *\* ```\n/gm, "");
}

function packageName(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  const [first = "", second] = specifier.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

interface SyntaxNode {
  type?: string;
  value?: unknown;
  [key: string]: unknown;
}

/** Whatever a module names in `import`, `export … from`, `import()`, `require()` or a type's `import()`. */
function specifiersIn(tree: unknown): string[] {
  if (typeof tree !== "object" || tree === null) return [];
  const node = tree as SyntaxNode;
  const inside = Object.values(node).flatMap(specifiersIn);
  const named = specifierOf(node);
  return named === undefined ? inside : [named, ...inside];
}

function specifierOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return literal(node.source);
    case "TsImportType":
      return literal(node.argument);
    case "TsExternalModuleReference":
      return literal(node.expression);
    case "CallExpression": {
      const callee = node.callee as SyntaxNode;
      const imports = callee.type === "Import" || callee.value === "require";
      const [first] = node.arguments as { expression: unknown }[];
      return imports ? literal(first?.expression) : undefined;
    }
    default:
      return undefined;
  }
}

function literal(node: unknown): string | undefined {
  const { type, value } = (node ?? {}) as SyntaxNode;
  return type === "StringLiteral" ? String(value) : undefined;
}
