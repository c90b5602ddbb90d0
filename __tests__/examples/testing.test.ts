// The tests of docs/testing-your-app.md run as they stand, each by its own runner.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const root = path.join(__dirname, "../..");
const program = (name: string) => path.join(root, "node_modules", name);

async function run(...args: string[]) {
  const { JEST_WORKER_ID: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
  return JSON.parse(stdout);
}

test("Jest and supertest", async () => {
  const match = ["--testMatch", "**/examples/testing/jest.test.ts", "--json"];
  const result = await run(program("jest/bin/jest.js"), ...match);
  expect(result).toMatchObject({ numPassedTests: 1, success: true });
});

test("node:test, and the attacks", async () => {
  const { JEST_WORKER_ID: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const file = "examples/testing/attack.test.ts";
  const args = ["--import", "tsx", "--test", "--test-reporter", "tap", file];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(35);
  expect(stdout).toMatch(/^# fail 0$/m);
}, 60_000);

test("Vitest", async () => {
  const config = path.join(__dirname, "testing/vitest.config.ts");
  const flags = ["run", "--config", config, "--root", root, "--reporter", "json"];
  const result = await run(program("vitest/vitest.mjs"), ...flags);
  expect(result).toMatchObject({ numPassedTests: 1, success: true });
});
