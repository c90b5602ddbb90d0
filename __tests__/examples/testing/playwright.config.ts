import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "@playwright/test";

const { CHROMIUM_PATH, PATH = "" } = process.env;
const candidates = PATH.split(path.delimiter).map((folder) => path.join(folder, "chromium"));
const executablePath = CHROMIUM_PATH || candidates.find((file) => existsSync(file)) || "chromium";

export default defineConfig({
  testDir: "../../../examples/testing",
  testMatch: "playwright.spec.ts",
  outputDir: path.join(tmpdir(), "express-totp-setup-playwright"),
  use: { launchOptions: { executablePath, args: ["--no-sandbox", "--disable-gpu"] } },
});
