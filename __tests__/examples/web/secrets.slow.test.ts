import { codeAt } from "../../helpers/service.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { GRACE, startDemo } from "./start-demo.js";
import { leadsTo, readSecret, Visitor } from "./visitor.js";

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

test("no address shows the key of a setup that waits, only the response to a form does", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  await visitor.enterPassword();
  const secret = await visitor.beginSetup();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  for (const page of [...PAGES, "/security/setup/confirm"]) {
    expect((await visitor.get(page)).text).not.toContain(secret);
  }
  expect(leadsTo(await visitor.get("/security/setup"))).toBe("303 /security");
});

test("after a wrong code the page shows the same setup, if the form carried its key back", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  await visitor.enterPassword();
  const secret = await visitor.beginSetup();
  const [code = ""] = demo.wrongCodes(1, secret);
  const again = await visitor.post("/security/setup/confirm", { code, key: secret });
  expect([again.status, readSecret(again)]).toEqual([422, secret]);
  for (const key of ["", secret.toLowerCase(), "A".repeat(32)]) {
    const answer = await visitor.post("/security/setup/confirm", { code, key });
    expect(leadsTo(answer)).toBe("303 /security");
    expect(answer.text).not.toContain(secret);
  }
});

test("the key of one user's setup is shown to no other", async () => {
  const demo = await startDemo();
  const [ada, grace] = [new Visitor(demo), new Visitor(demo)];
  await ada.enterPassword();
  const key = await ada.beginSetup();
  await grace.post("/sign-up", GRACE);
  await grace.beginSetup();
  const answer = await grace.post("/security/setup/confirm", { code: "123456", key });
  expect(leadsTo(answer)).toBe("303 /security");
});

test("a code of a clock that is off says so while TOTP is being turned on, and at no sign-in", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  await visitor.enterPassword();
  const key = await visitor.beginSetup();
  const ahead = codeAt(key, demo.now() + 300_000);
  const { status, text } = await visitor.post("/security/setup/confirm", { code: ahead, key });
  expect(status).toBe(422);
  expect(text).toContain("The clock of your phone is about 5 minutes ahead.");
  await visitor.post("/security/setup/confirm", { code: demo.code(key), key });
  await visitor.post("/sign-out");
  await visitor.enterPassword();
  const code = codeAt(key, demo.now() + 300_000);
  expect((await visitor.post("/sign-in/code", { code })).text).not.toContain("clock");
});

test("TOTP that is on stays on: a new setup needs a fresh code, and voids nothing before it is confirmed", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  const { secret, backupCodes } = await visitor.turnOn();
  const [wrong = ""] = demo.wrongCodes(1, secret);
  for (const code of ["", wrong]) {
    for (const form of ["/security/setup", "/security/new-phone"]) {
      const answer = await visitor.post(form, { code });
      expect([answer.status, readSecret(answer)]).toEqual([422, ""]);
    }
  }
  const code = demo.code(secret);
  const setup = await visitor.post("/security/new-phone", { code });
  expect(setup.text).toContain("otpauth:");
  expect(readSecret(setup)).not.toBe(secret);

  const other = new Visitor(demo);
  await other.enterPassword();
  const answer = await other.post("/sign-in/code", { code: backupCodes[0] ?? "" });
  expect(leadsTo(answer)).toBe("303 /security");
});

test("a setup that took too long is gone, and says so", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  await visitor.enterPassword();
  const key = await visitor.beginSetup();
  await demo.advance(600);
  const answer = await visitor.post("/security/setup/confirm", { code: demo.code(key), key });
  expect(leadsTo(answer)).toBe("303 /security");
  expect((await visitor.get("/security")).text).toContain("This setup took too long");
});

test("a session turns it on only soon after it has signed in", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  await visitor.enterPassword();
  await demo.advance(600);
  expect(leadsTo(await visitor.post("/security/setup"))).toBe("303 /sign-in");
  expect((await visitor.get("/sign-in")).text).toContain("Sign in again");
  await visitor.enterPassword();
  expect(await visitor.beginSetup()).toMatch(/^[A-Z2-7]{32}$/);
});
