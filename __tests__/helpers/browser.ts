import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";
import { PNG } from "pngjs";
import type { Engine } from "./engines/local-engine.js";
import { findShared } from "./engines/shared.js";
import { describeWith } from "./programs.js";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // For tests with several hosts.
  "--host-resolver-rules=MAP *.test 127.0.0.1",
];

/** `describe` for tests in a browser: Chromium, or what CHROMIUM_PATH is the path of. */
export function describeInBrowser(title: string, body: () => void): void {
  if (process.env.CHROMIUM_PATH) describe(title, body);
  else describeWith("chromium", title, body);
}

/** A connection to the browser that all test files of a run share. Its pages and cookies are its own. */
export async function openBrowser(): Promise<Browser> {
  const start = findShared("Chromium");
  if (!start) throw new Error("run this by `npm run test:all`");
  return chromium.connect((await start()).url);
}

/** Called by the process of the whole run. */
export async function startBrowser(): Promise<Engine> {
  const { CHROMIUM_PATH, PATH = "" } = process.env;
  const candidates = PATH.split(path.delimiter).map((folder) => path.join(folder, "chromium"));
  const executablePath = CHROMIUM_PATH || candidates.find((file) => existsSync(file));
  if (!executablePath) throw new Error("no Chromium: see describeInBrowser");
  const server = await chromium.launchServer({ executablePath, args: QUIET, host: "127.0.0.1" });
  return { url: server.wsEndpoint(), stop: () => server.close() };
}

/** What `jsqr` reads off a screenshot. */
export function scanWithJsQr(screenshot: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(screenshot);
  // Compiled from an ES module: what is the default export here depends on who imports it.
  const jsQR: typeof import("jsqr").default = require("jsqr").default;
  return jsQR(new Uint8ClampedArray(data), width, height)?.data;
}

/** What `zbarimg` reads off a screenshot. */
export function scanWithZbar(screenshot: Buffer): string {
  const folder = mkdtempSync(path.join(tmpdir(), "screenshot-"));
  try {
    const file = path.join(folder, "page.png");
    writeFileSync(file, screenshot);
    return run("zbarimg", ["--quiet", "--raw", file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The code that `oathtool` computes for a time in milliseconds, or for now. */
export function codeByOathtool(secret: string, time: number = Date.now()): string {
  return run("oathtool", ["--totp", "--base32", "--now", `@${Math.floor(time / 1000)}`, secret]);
}

function run(command: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout.trim();
}
