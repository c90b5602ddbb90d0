import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const root = path.join(__dirname, "../..");
const CHECK = "examples/custom-store/file-store.check.ts";

test("the store of one's own passes the kit, run by node:test", async () => {
  const args = ["--import", "tsx", "--test", "--test-reporter=tap", CHECK];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(20);
  expect(stdout).toMatch(/^# fail 0$/m);
}, 60_000);
