// The words of the project: US English, and one term for one thing.
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parseSync } from "@swc/core";
import { ROOT } from "./lib-modules.js";

const PLACES = [
  "lib",
  "docs",
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "examples",
  "__tests__",
];
const TEXT = /\.(ts|js|mjs|md|css|ejs|sql|go|py|java|cs|sh)$/;

const BRITISH = [
  /\b(behaviour|cancelled|cancelling|catalogue|centre|colour|enrol(s|ment)|favour|grey|honour|licence)/i,
  /\b(author|custom|emphas|final|general|initial|maxim|minim|normal|optim|organ|real|recogn|sanit|serial|summar|synchron|token|util)is(e|ing|ation)/i,
];

/** What is now to encrypt and to decrypt. */
const REPLACED = [/\b(sealed|sealer|unseal)/i];

function filesIn(place: string): string[] {
  const full = path.join(ROOT, place);
  if (statSync(full).isFile()) return [place];
  return readdirSync(full, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules") return [];
    return filesIn(`${place}/${entry.name}`);
  });
}

const files = PLACES.flatMap(filesIn).filter((name) => TEXT.test(name));
const others = files.filter((name) => path.join(ROOT, name) !== __filename);

/** The parts of names become words of their own: `checkColour` and `check_colour` are "check colour". */
function wordsOf(text: string): string {
  return text.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ");
}

function findIn(file: string, patterns: readonly RegExp[]): string[] {
  const lines = [file, ...readFileSync(path.join(ROOT, file), "utf8").split("\n")];
  return lines.flatMap((line, number) =>
    patterns.flatMap((pattern) => {
      const found = pattern.exec(wordsOf(line));
      return found ? [`${file}:${number} ${found[0]}`] : [];
    }),
  );
}

test("files are found", () => {
  expect(files).toEqual(
    expect.arrayContaining([
      "README.md",
      "docs/service.md",
      "lib/index.ts",
      "examples/web/server.ts",
    ]),
  );
});

test("spelling is that of the United States", () => {
  expect(others.flatMap((file) => findIn(file, BRITISH))).toEqual([]);
});

test("one term stands for one thing", () => {
  expect(others.flatMap((file) => findIn(file, REPLACED))).toEqual([]);
});

/** What the documentation says otherwise: see the table of words in CONTRIBUTING.md. */
const STILTED = [
  /\banswer(s|ed)?\b/i,
  /\b(is|are|was|were) told\b/i,
  /\bgate[ds]?\b/i,
  /\bcallers?\b/i,
  /\bvisitors?\b/i,
];

test("the documentation uses the terms of the field", () => {
  const prose = others.filter((name) => name.endsWith(".md") && !name.startsWith("__tests__"));
  expect(prose.length).toBeGreaterThan(20);
  const found = prose.flatMap((file) => findIn(file, STILTED));
  // The markers of snippets have words of their own.
  expect(found.filter((each) => !/^README\.md:\d+ answers$/.test(each))).toEqual([]);
});

test("in names of lib, a server responds and a function returns: nothing answers", () => {
  const names = files
    .filter((name) => name.startsWith("lib/"))
    .flatMap((name) => {
      const tree = parseSync(readFileSync(path.join(ROOT, name), "utf8"), { syntax: "typescript" });
      return [name, ...identifiersIn(tree).map((identifier) => `${name}: ${identifier}`)];
    });
  expect(names.length).toBeGreaterThan(1000);
  expect(names.filter((name) => /answer/i.test(name))).toEqual([]);
});

function identifiersIn(tree: unknown): string[] {
  if (typeof tree !== "object" || tree === null) return [];
  const { type, value } = tree as { type?: unknown; value?: unknown };
  if (type === "Identifier") return [String(value)];
  return Object.values(tree).flatMap(identifiersIn);
}
