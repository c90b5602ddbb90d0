import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const root = path.join(__dirname, "../..");

test("a store never sees a secret once there are keys, and a new key takes over", async () => {
  const args = ["--import", "tsx", "examples/encrypted/walk.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const answers = [...stdout.matchAll(/^ {4}([\w\s]+): (true|false)$/gm)].map(([, , is]) => is);
  expect(answers).toEqual(["true", "true", "false", "true", "false", "true"]);
  expect(stdout).toMatch(/^Encrypted: totp1\.2026-spring\./m);
  expect(stdout).toMatch(/^Under the new key: totp1\.2026-autumn\./m);
  expect(stdout).toMatch(/^Copied to another user: "The stored TOTP value was changed/m);
  expect(stdout).toMatch(/^With the old key alone: ".+ with a key that is not configured/m);
}, 60_000);
