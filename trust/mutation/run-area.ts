import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Area } from "./areas.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

export type MutantStatus =
  | "Killed"
  | "Survived"
  | "NoCoverage"
  | "Timeout"
  | "RuntimeError"
  | "CompileError"
  | "Ignored"
  | "Pending";

/** The parts of Stryker's JSON report that are read here. */
export interface Report {
  files: Record<string, { mutants: { status: MutantStatus }[] }>;
}

/** Mutates one area, and returns Stryker's report. Throws if it gave none. */
export function runArea(name: string, { files, tests }: Area): Report {
  const stryker = createRequire(import.meta.url).resolve("@stryker-mutator/core/package.json");
  const program = path.join(path.dirname(stryker), "bin/stryker.js");
  const { status } = spawnSync(
    process.execPath,
    [program, "run", "trust/mutation/stryker.config.mjs"],
    {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        MUTATION_AREA: name,
        MUTATION_FILES: JSON.stringify(files),
        MUTATION_TESTS: JSON.stringify(tests),
      },
    },
  );
  if (status !== 0) throw new Error(`Stryker failed on ${name}`);
  const report = path.join(root, "reports/mutation", name, "report.json");
  return JSON.parse(readFileSync(report, "utf8"));
}
