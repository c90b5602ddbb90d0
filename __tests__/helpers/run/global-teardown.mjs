import { readdirSync, rmSync } from "node:fs";
import { stopEngines } from "./engine-server.mjs";

/** Runs after the last test file, and after Jest has printed its summary. */
export default async function tearDown() {
  await stopEngines();
  const folder = String(process.env.NOT_TESTED_FOLDER);
  const missing = readdirSync(folder).map(decodeURIComponent).sort();
  rmSync(folder, { recursive: true });
  if (missing.length > 0) console.log(`Not tested on this machine: ${missing.join(", ")}`);
}
