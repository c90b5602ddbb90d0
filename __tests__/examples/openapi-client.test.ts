import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const root = path.join(__dirname, "../..");

test("the generated client runs through an enrollment, and each response has its type", async () => {
  const args = ["--import", "tsx", "examples/openapi-client/walk.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout.split("\n").filter((line) => line && !line.includes("event "))).toEqual([
    "secret of 32 characters",
    "10 backup codes",
    "is set up: true",
    "403 code_required",
    "TOTP is off",
    "401 The provided ID is not valid",
  ]);
});
