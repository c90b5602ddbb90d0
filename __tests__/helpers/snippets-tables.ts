import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const lib = path.join(__dirname, "../../lib");

/** The rows of the Markdown table that begins with these column names, as cells without backticks. */
export function readTable(markdown: string, columns: readonly string[]): string[][] {
  const lines = markdown.split("\n");
  const start = lines.indexOf(`| ${columns.join(" | ")} |`);
  if (start < 0) throw new Error(`no table with the columns ${columns.join(", ")}`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end < 0 ? undefined : end).map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

/**
 * The options of an interface in `lib`, inherited ones included, with the `@default` of their comments:
 * "required" where they have to be given, "none" where there is nothing in their place.
 */
export function declaredOptions(interfaceName: string): Record<string, string> {
  const declaration = new RegExp(
    `^export interface ${interfaceName}(?:<.*>)?(?: extends (?<parents>[\\w, ]+))? \\{\n(?<body>[\\s\\S]*?)^\\}`,
    "m",
  );
  const { body, parents } = findInLib(declaration).groups ?? {};
  const own = String(body).matchAll(
    /^ {2}\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\n {2}(?<name>\w+)(?<optional>\?)?:/gm,
  );
  return Object.assign(
    {},
    ...(parents?.split(", ") ?? []).map(declaredOptions),
    ...[...own].map(({ groups }) => ({
      [String(groups?.name)]: groups?.optional ? defaultOf(groups.comment) : "required",
    })),
  );
}

function defaultOf(comment: string | undefined): string {
  return /@default (.*)/.exec(comment ?? "")?.[1]?.replaceAll("`", "") ?? "none";
}

function findInLib(pattern: RegExp): RegExpExecArray {
  for (const name of readdirSync(lib, { recursive: true, encoding: "utf8" })) {
    const match = name.endsWith(".ts") && pattern.exec(readFileSync(path.join(lib, name), "utf8"));
    if (match) return match;
  }
  throw new Error(`nothing in lib matches ${pattern}`);
}
