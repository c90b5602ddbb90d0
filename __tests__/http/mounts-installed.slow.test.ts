// The packed package as strict package managers install it: whatever it imports, it has to declare.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createWorkshop, enrollWith, type Workshop, writeApp } from "../helpers/installed.js";

jest.setTimeout(300_000);

const modules = path.join(__dirname, "../../node_modules");
const PNPM = [process.execPath, path.join(modules, "pnpm/bin/pnpm.cjs")];
const YARN = [process.execPath, path.join(modules, "@yarnpkg/cli-dist/bin/yarn.js")];

let workshop: Workshop;
beforeAll(() => {
  workshop = createWorkshop();
});
afterAll(() => workshop.remove());

function createProject(name: string, files: Record<string, string>): string {
  const folder = path.join(workshop.folder, name);
  mkdirSync(folder);
  const dependencies = { express: "^5.0.0", "express-totp-setup": `file:${workshop.tarball}` };
  const manifest = JSON.stringify({ name, private: true, dependencies });
  for (const [file, text] of Object.entries({ ...files, "package.json": manifest })) {
    writeFileSync(path.join(folder, file), text);
  }
  for (const app of ["app.mjs", "app.cjs"] as const) writeApp(folder, app);
  return folder;
}

function run([program = "", ...args]: readonly string[], cwd: string): string {
  const env = { ...process.env, CI: "true", YARN_ENABLE_IMMUTABLE_INSTALLS: "false" };
  return execFileSync(program, args, {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

test("pnpm without hoisting", async () => {
  const settings = "hoist=false\nshamefully-hoist=false\nstrict-peer-dependencies=true\n";
  const folder = createProject("pnpm", { ".npmrc": settings });
  run([...PNPM, "install", "--prefer-offline", "--ignore-scripts"], folder);
  // Nothing but what the app itself depends on.
  const found = readdirSync(path.join(folder, "node_modules")).filter((name) => name[0] !== ".");
  expect(found.sort()).toEqual(["express", "express-totp-setup"]);
  for (const app of ["app.mjs", "app.cjs"]) await enrollWith([process.execPath, app], folder);
});

test("Yarn with Plug'n'Play, which has no node_modules", async () => {
  const settings = {
    nodeLinker: "pnp",
    pnpMode: "strict",
    enableTelemetry: false,
    enableScripts: false,
    enableGlobalCache: false,
  };
  // A lockfile of its own keeps Yarn from looking for a project above.
  const files = { ".yarnrc.yml": JSON.stringify(settings), "yarn.lock": "" };
  const folder = createProject("yarn", files);
  const said = run([...YARN, "install"], folder);
  expect(said).not.toMatch(/YN0002|YN0060/);
  expect(readdirSync(folder)).not.toContain("node_modules");
  for (const app of ["app.mjs", "app.cjs"]) await enrollWith([...YARN, "node", app], folder);
});
