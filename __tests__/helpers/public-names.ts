import { readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "@swc/core";
import { ROOT } from "../package/lib-modules.js";

/** The entry points of the package, by the name that an app imports. */
export const ENTRY_POINTS: Readonly<Record<string, string>> = {
  "express-totp-setup": "lib/index.ts",
  "express-totp-setup/pages": "lib/pages/index.ts",
  "express-totp-setup/openapi": "lib/openapi/index.ts",
  "express-totp-setup/testing": "lib/testing/index.ts",
  "express-totp-setup/postgres": "lib/stores/postgres.ts",
  "express-totp-setup/mysql": "lib/stores/mysql.ts",
  "express-totp-setup/sqlite": "lib/stores/sqlite.ts",
  "express-totp-setup/redis": "lib/stores/redis.ts",
};

/** The names that an entry point exports, types included. */
export function namesOf(entryPoint: string): string[] {
  const code = readFileSync(path.join(ROOT, entryPoint), "utf8");
  const names = parseSync(code, { syntax: "typescript" }).body.flatMap((item): string[] => {
    if (item.type === "ExportNamedDeclaration") {
      return item.specifiers.flatMap((specifier) =>
        specifier.type === "ExportSpecifier" ? [(specifier.exported ?? specifier.orig).value] : [],
      );
    }
    if (item.type !== "ExportDeclaration") return [];
    const { declaration } = item;
    if ("identifier" in declaration) return [declaration.identifier.value];
    return "id" in declaration && "value" in declaration.id ? [declaration.id.value] : [];
  });
  // A function with overloads is declared once for each.
  return [...new Set(names)];
}
