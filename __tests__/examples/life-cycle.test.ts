import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const root = path.join(__dirname, "../..");

test("the life cycle runs through, and every answer is the one that it is meant to show", async () => {
  const args = ["--import", "tsx", "examples/life-cycle/walk.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const statuses = [...stdout.matchAll(/^ {4}(\d{3}) /gm)].map(([, status]) => Number(status));
  expect(statuses).toEqual([200, 200, 200, 200, 401, 200, 403, 200, 200, 403, 200, 200]);
  expect(stdout).toContain('{"is_setup":true,');
  expect(stdout.trimEnd()).toMatch(/\{"is_setup":false,"backup_codes_remaining":0\}$/);
}, 30_000);
