import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { serveEngines } from "./engine-server.mjs";

/** Runs before the first test file; the processes of the test files inherit these variables. */
export default async function setUp() {
  process.env.SHARED_ENGINES_URL = await serveEngines();
  process.env.NOT_TESTED_FOLDER = mkdtempSync(path.join(tmpdir(), "totp-not-tested-"));
}
