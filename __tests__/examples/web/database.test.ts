import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findNodeSqlite } from "../../helpers/engines/sqlite.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { complaintsOf, GRACE, startDemo } from "./start-demo.js";
import { leadsTo, Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "demo-"));
});
afterEach(async () => {
  await stopPrograms();
  rmSync(folder, { recursive: true });
});

// Not on Node 20. `.ci/run` runs this file on each release of Node.
const withSqlite = findNodeSqlite() ? test : () => {};

withSqlite("accounts and their second factor survive a restart, in SQLite", async () => {
  const file = path.join(folder, "made", "demo.db");
  const before = await startDemo({ DATABASE: file });
  expect(before.greeting).toContain("by SQLite");
  expect(before.greeting).toContain(file);
  const visitor = new Visitor(before);
  expect(leadsTo(await visitor.post("/sign-up", GRACE))).toBe("303 /");
  const ada = new Visitor(before);
  const { secret, backupCodes } = await ada.turnOn();
  before.program.kill("SIGTERM");
  const { status, stderr } = await before.program.ended;
  expect([status, complaintsOf(stderr)]).toEqual([0, ""]);
  expect(readFileSync(file, "latin1")).not.toContain(GRACE.password);

  const after = await startDemo({ DATABASE: file });
  const again = new Visitor(after);
  expect(leadsTo(await again.enterPassword(GRACE))).toBe("303 /");
  expect(leadsTo(await again.enterPassword())).toBe("303 /two-factor/login");
  await after.advance(60);
  const code = after.code(secret);
  expect(leadsTo(await again.post("/two-factor/login", { code }))).toBe("303 /");
  expect((await again.get("/two-factor")).text).toContain(
    `${backupCodes.length} backup codes left`,
  );
});

test("without SQLite all is kept in memory, and everything works", async () => {
  const file = path.join(folder, "demo.db");
  const preload = path.join(__dirname, "without-sqlite.mjs");
  const demo = await startDemo({ DATABASE: file, NODE_OPTIONS: `--import ${preload}` });
  expect(demo.greeting).toContain("Accounts are kept in memory");
  const visitor = new Visitor(demo);
  const { secret } = await visitor.turnOn();
  await visitor.post("/sign-out");
  expect(leadsTo(await visitor.enterPassword())).toBe("303 /two-factor/login");
  const code = demo.code(secret);
  expect(leadsTo(await visitor.post("/two-factor/login", { code }))).toBe("303 /");
  expect(leadsTo(await visitor.post("/sign-up", GRACE))).toBe("303 /");
  expect((await visitor.post("/sign-up", GRACE)).status).toBe(422);
  expect(existsSync(file)).toBe(false);
});
