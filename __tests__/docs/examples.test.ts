// Every public name has an example in its comment, and all examples are well typed.
import { spawnSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ENTRY_POINTS, namesOf } from "../helpers/public-names.js";
import { ROOT } from "../package/lib-modules.js";
import { PRELUDE } from "./examples-prelude.js";

interface Comment {
  file: string;
  /** Of the first line, counted from 1. */
  line: number;
  /** Without the asterisks. */
  text: string;
  /** The name of the exported declaration below the comment, if there is one. */
  name: string | undefined;
}

const comments = readdirSync(path.join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => commentsIn(file, readFileSync(path.join(ROOT, "lib", file), "utf8")));

const entries = Object.entries(ENTRY_POINTS).flatMap(([specifier, file]) =>
  namesOf(file).map((name) => ({ name, specifier })),
);
const specifierOf = new Map(entries.map(({ name, specifier }) => [name, specifier]));
const examples = comments.flatMap((comment) =>
  examplesIn(comment.text).map((code, index) => ({ ...comment, code, index })),
);

function commentsIn(file: string, source: string): Comment[] {
  const pattern =
    /\/\*\*(?<text>(?:(?!\*\/)[\s\S])*)\*\/\n(?:\/\/.*\n)*(?:export (?:async )?(?:function|class|const|interface|type) (?<name>\w+))?/g;
  return [...source.matchAll(pattern)].map(({ index, groups }) => ({
    file,
    line: source.slice(0, index).split("\n").length,
    text: String(groups?.text).replace(/^ *\* ?/gm, ""),
    name: groups?.name,
  }));
}

function examplesIn(text: string): string[] {
  return [...text.matchAll(/^@example.*\n```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
}

/** A module of an example: its imports, those of the public names that it uses, and the rest as a function. */
function moduleOf(code: string): string {
  const imports = code.match(/^import [^;]+;$/gm) ?? [];
  const statements = code.replace(/^import [^;]+;$/gm, "");
  const isUsed = (name: string) => new RegExp(`\\b${name}\\b`).test(statements);
  const isImported = (name: string) =>
    imports.some((each) => new RegExp(`\\b${name}\\b`).test(each));
  const missing = [...specifierOf]
    .filter(([name]) => isUsed(name) && !isImported(name))
    .map(([name, specifier]) => `import { ${name} } from "${specifier}";`);
  return [...imports, ...missing, `export async function example() {\n${statements}}\n`].join("\n");
}

// Outside the repository, so that the examples import the package by its name as its users do.
const folder = mkdtempSync(path.join(tmpdir(), "examples-"));

beforeAll(() => {
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  const tsconfig = {
    extends: path.join(ROOT, "tsconfig.json"),
    compilerOptions: {
      noImplicitReturns: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      types: ["node"],
    },
    include: ["*.ts", path.join(ROOT, "lib/**/*.d.ts")],
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  writeFileSync(path.join(folder, "prelude.d.ts"), PRELUDE);
  for (const { file, line, index, code } of examples) {
    const name = `${file.replace(/\W/g, "-")}-line-${line}-${index}.ts`;
    writeFileSync(path.join(folder, name), moduleOf(code));
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

test("public names and examples are found", () => {
  expect(specifierOf.size).toBeGreaterThan(120);
  expect([...specifierOf.keys()]).toEqual(
    expect.arrayContaining(["TRUSTED", "createTotpPages", "RouteName", "RedisStoreOptions"]),
  );
  expect(examples.length).toBeGreaterThan(120);
});

test.each(entries)("$specifier: $name has an example", ({ name }) => {
  const declared = comments.filter((comment) => comment.name === name);
  expect(declared).toHaveLength(1);
  expect(declared.flatMap(({ text }) => examplesIn(text))).not.toEqual([]);
});

test("every example is a block of TypeScript", () => {
  const tags = comments.flatMap(({ text }) => text.match(/^@example\b/gm) ?? []);
  expect(examples).toHaveLength(tags.length);
});

test("all examples are well typed", () => {
  const tsc = path.join(ROOT, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
});
