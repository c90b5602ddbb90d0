// What importing the package adds to what importing Express takes, each in processes of its own.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { median } from "./median.js";

const ROOT = path.join(import.meta.dirname, "..");
const ROUNDS = 15;

/** Milliseconds. Express is loaded before the package, as in an app that uses it. */
function importMs(name: string): number {
  const before = name === "express" ? "" : 'require("express");';
  const timed = `const t = performance.now(); require(${JSON.stringify(name)}); console.log(performance.now() - t)`;
  return Number(execFileSync(process.execPath, ["-e", before + timed], { cwd: ROOT }));
}

/** Of the built package: `npm run build` first. */
export function measureImport(): number {
  const build = path.join(ROOT, "dist/cjs/index.js");
  return median(Array.from({ length: ROUNDS }, () => importMs(build) / importMs("express")));
}

export async function benchImport(): Promise<void> {
  console.log(
    `\nImport, beside Express / Express itself: ${measureImport().toFixed(2)}  (goal: 0.5 at most)`,
  );
}
