import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.join(__dirname, "../../..");

/** Runs a test file whose engine is missing with a Jest of its own. */
function runWithout(env: NodeJS.ProcessEnv) {
  const { REQUIRE_ALL_TESTS: _, JEST_WORKER_ID: __, ...own } = process.env;
  const fixture = path.join(__dirname, "fixtures/missing-engine.ts");
  const args = [path.join(root, "node_modules/jest/bin/jest.js"), "--testMatch", fixture];
  const ran = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...own, NO_COLOR: "1", ...env },
    encoding: "utf8",
  });
  return { ...ran, output: (ran.stderr + ran.stdout).trimEnd() };
}

test("the last line names an engine that is not on this machine", () => {
  const { status, stderr, stdout } = runWithout({});
  expect(stdout).toBe("Not tested on this machine: NoSQL (Debian package nosql-server)\n");
  expect(stderr).toContain("1 skipped, 1 passed, 2 total");
  expect(status).toBe(0);
});

test("under REQUIRE_ALL_TESTS its absence is an error", () => {
  const { status, output } = runWithout({ REQUIRE_ALL_TESTS: "1" });
  expect(output).toContain(
    "Install NoSQL (Debian package nosql-server) to test: the store in NoSQL",
  );
  expect(status).toBe(1);
});
