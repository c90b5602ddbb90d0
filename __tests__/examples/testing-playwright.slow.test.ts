import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { describeInBrowser } from "../helpers/browser.js";

const root = path.join(__dirname, "../..");

describeInBrowser("the test of docs/testing-your-app.md", () => {
  test("Playwright runs it as it stands", async () => {
    const playwright = path.join(root, "node_modules/@playwright/test/cli.js");
    const config = path.join(__dirname, "testing/playwright.config.ts");
    const { JEST_WORKER_ID: _, NODE_OPTIONS: __, ...env } = process.env;
    const args = [playwright, "test", "--config", config, "--reporter", "json"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
    expect(JSON.parse(stdout).stats).toMatchObject({ expected: 1, unexpected: 0, flaky: 0 });
  }, 120_000);
});
