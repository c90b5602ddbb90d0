import { stopPrograms } from "../../helpers/snippets-program.js";
import { startDemo } from "./start-demo.js";
import { leadsTo, Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);
afterEach(stopPrograms);

const PAGES = [
  "/security",
  "/security/setup",
  "/security/backup-codes",
  "/security/new-phone",
  "/security/turn-off",
  "/nowhere",
];

test("no page shows a secret or a backup code after the one that it belongs to", async () => {
  const visitor = new Visitor(await startDemo());
  const { secret, backupCodes } = await visitor.turnOn();
  expect(backupCodes).toHaveLength(10);
  for (const page of PAGES) {
    const { text } = await visitor.get(page);
    for (const each of [secret, ...backupCodes]) expect(text).not.toContain(each);
    expect(text).not.toContain("otpauth:");
  }
});

test("TOTP that is on stays on: a new setup needs a fresh code, and voids nothing before it is confirmed", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  const { secret, backupCodes } = await visitor.turnOn();
  const [wrong = ""] = demo.wrongCodes(1, secret);
  for (const code of ["", wrong]) {
    expect((await visitor.post("/security/setup", { code })).status).toBe(422);
    expect(leadsTo(await visitor.get("/security/setup"))).toBe("303 /security");
  }
  const code = demo.code(secret);
  expect(leadsTo(await visitor.post("/security/setup", { code }))).toBe("303 /security/setup");
  expect((await visitor.get("/security/setup")).text).toContain("otpauth:");

  const other = new Visitor(demo);
  await other.enterPassword();
  const answer = await other.post("/sign-in/code", { code: backupCodes[0] ?? "" });
  expect(leadsTo(answer)).toBe("303 /security");
});

test("a setup that took too long is gone, and says so", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  await visitor.enterPassword();
  await visitor.post("/security/setup");
  await demo.advance(600);
  const answer = await visitor.post("/security/setup/confirm", { code: "123456" });
  expect(leadsTo(answer)).toBe("303 /security");
  expect((await visitor.get("/security")).text).toContain("This setup took too long");
  expect(leadsTo(await visitor.get("/security/setup"))).toBe("303 /security");
});
