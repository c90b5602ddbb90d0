// The example is installed as its user installs it: openapi-typescript needs a TypeScript of its own.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.join(__dirname, "../..");
const EXAMPLE = "examples/openapi-client";
const COMMITTED = path.join(root, EXAMPLE, "totp-api.d.ts");

jest.setTimeout(180_000);

test("the types are those that openapi-typescript generates, and the client compiles with them", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "openapi-client-"));
  const example = path.join(folder, EXAMPLE);
  const run = (...args: string[]) =>
    execFileSync("npm", args, {
      cwd: example,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  try {
    for (const name of ["package.json", "client.ts"]) {
      cpSync(path.join(root, EXAMPLE, name), path.join(example, name));
    }
    cpSync(path.join(root, "openapi.json"), path.join(folder, "openapi.json"));
    run("install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund");
    run("run", "generate");
    run("exec", "--", "tsc", "--noEmit", "--strict", "--module", "nodenext", "client.ts");
    const biome = path.join(root, "node_modules/@biomejs/biome/bin/biome");
    const generated = execFileSync(
      process.execPath,
      [biome, "check", "--write", `--stdin-file-path=${COMMITTED}`],
      { cwd: root, input: readFileSync(path.join(example, "totp-api.d.ts")), encoding: "utf8" },
    );
    expect(generated).toBe(readFileSync(COMMITTED, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
