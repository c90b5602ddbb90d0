import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { codeAt } from "./service.js";
import { BASE } from "./service-app.js";

const root = path.join(__dirname, "../..");

/** Where a test builds and installs. */
export interface Workshop {
  /** Without packages. */
  folder: string;
  /** Has the packages of this repository. */
  sources: string;
  tarball: string;
  remove(): void;
}

/** Packs the package in a copy of its own: other tests may be building `dist` at the same time. */
export function createWorkshop(): Workshop {
  const folder = mkdtempSync(path.join(tmpdir(), "mounts-"));
  const sources = path.join(folder, "sources");
  const copy = path.join(sources, "package");
  for (const name of ["lib", "scripts", "package.json", "tsconfig.json", "openapi.json"]) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, "node_modules"), path.join(sources, "node_modules"), "junction");
  const args = ["pack", "--loglevel=error", "--pack-destination", folder];
  execFileSync("npm", args, { cwd: copy, stdio: ["ignore", "pipe", "pipe"] });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error("npm packed nothing");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { folder, sources, tarball: path.join(folder, tarball), remove };
}

/** An app in the file of this name, which prints its port. */
export function writeApp(folder: string, name: "app.mjs" | "app.cjs"): string {
  mkdirSync(folder, { recursive: true });
  const names = "{ createMemoryStore, createTotpRouter, createTotpService }";
  const imports =
    name === "app.mjs"
      ? `import express from "express";\nimport ${names} from "express-totp-setup";\n`
      : `const express = require("express");\nconst ${names} = require("express-totp-setup");\n`;
  const file = path.join(folder, name);
  writeFileSync(file, `${imports}${APP}`);
  return file;
}

const APP = `
const totp = createTotpService({ store: createMemoryStore(), issuer: "Acme" });
const authenticate = (apiKey) => (apiKey === "demo-key" ? "ada" : null);
const app = express();
app.use(createTotpRouter({ totp, authenticate }));
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

/** Starts an app, enrolls a user, and stops it. */
export async function enrollWith(command: readonly string[], cwd: string): Promise<void> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = once(child, "close");
  try {
    const first = once(createInterface(child.stdout), "line").then(([line]) => Number(line));
    const port = await Promise.race([first, ended.then(() => Number.NaN)]);
    if (!port) throw new Error(`the app did not start: ${errors}`);
    const post = async (route: string, body?: object) => {
      const response = await fetch(`http://127.0.0.1:${port}${BASE}${route}`, {
        method: "POST",
        headers: { "X-API-Key": "demo-key", "Content-Type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
      return (await response.json()) as {
        secret: string;
        qr_code_url: string;
        backup_codes: string[];
      };
    };
    const { secret, qr_code_url } = await post("/setup");
    expect(qr_code_url).toMatch(/^data:image\/png;base64,/);
    const { backup_codes } = await post("/verify", { code: codeAt(secret, Date.now()) });
    expect(backup_codes).toHaveLength(10);
    expect(errors).toBe("");
  } finally {
    // A package manager's runner has the app as its child.
    if (child.pid && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await ended;
  }
}
