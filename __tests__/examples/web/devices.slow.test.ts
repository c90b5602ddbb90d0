// "Trust this device": signing in asks for no code there, and the password is asked for all the same.
import { stopPrograms } from "../../helpers/snippets-program.js";
import { startDemo } from "./start-demo.js";
import { leadsTo, Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);
afterEach(stopPrograms);

const FIREFOX = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0" };
const SAME_ORIGIN = { "Sec-Fetch-Site": "same-origin" };

/** Somebody with TOTP on, who has signed in on a device that is trusted since, and signed out again. */
async function startTrusted() {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  const { secret, backupCodes } = await visitor.turnOn();
  await visitor.post("/sign-out");
  await visitor.enterPassword();
  const fields = { code: demo.code(secret), trust: "yes" };
  const answer = await visitor.post("/sign-in/code", fields, { ...SAME_ORIGIN, ...FIREFOX });
  await demo.advance(30);
  await visitor.post("/sign-out");
  return { demo, visitor, secret, backupCodes, answer };
}

test("a trusted device asks for the password alone, for 30 days", async () => {
  const { demo, visitor, answer } = await startTrusted();
  const [cookie] = answer.headers.getSetCookie().filter((each) => each.startsWith("demo.device="));
  expect(cookie).toMatch(/; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/);
  const wrong = { email: "ada@example.com", password: "wrong" };
  expect((await visitor.enterPassword(wrong)).status).toBe(422);
  expect(leadsTo(await visitor.enterPassword())).toBe("303 /security");
  expect(leadsTo(await new Visitor(demo).enterPassword())).toBe("303 /sign-in/code");
  await visitor.post("/sign-out");
  await demo.advance(30 * 86_400);
  expect(leadsTo(await visitor.enterPassword())).toBe("303 /sign-in/code");
});

test("only who asks for it gets it", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  const { secret } = await visitor.turnOn();
  await visitor.post("/sign-out");
  await visitor.enterPassword();
  const answer = await visitor.post("/sign-in/code", { code: demo.code(secret) });
  expect(answer.headers.getSetCookie().join()).not.toContain("demo.device");
});

test("it is listed by what it is, and asks for a code again once it is revoked", async () => {
  const { visitor } = await startTrusted();
  await visitor.enterPassword();
  const { text } = await visitor.get("/security");
  expect(text).toContain("Firefox on Linux");
  const [, id = ""] = /name="id" value="(.*?)"/.exec(text) ?? [];
  expect(leadsTo(await visitor.post("/security/devices/revoke", { id }))).toBe("303 /security");
  expect((await visitor.get("/security")).text).not.toContain("Firefox on Linux");
  await visitor.post("/sign-out");
  expect(leadsTo(await visitor.enterPassword())).toBe("303 /sign-in/code");
});

test("a change needs a code on a trusted device, too", async () => {
  const { visitor } = await startTrusted();
  await visitor.enterPassword();
  for (const form of ["/security/turn-off", "/security/backup-codes", "/security/new-phone"]) {
    expect((await visitor.post(form, { code: "" })).status).toBe(422);
  }
});

test("no device is trusted any more once it is turned off, or on again", async () => {
  const { demo, visitor, secret } = await startTrusted();
  await visitor.enterPassword();
  await visitor.post("/security/turn-off", { code: demo.code(secret) });
  const other = new Visitor(demo);
  await other.turnOn();
  await visitor.post("/sign-out");
  expect(leadsTo(await visitor.enterPassword())).toBe("303 /sign-in/code");
});
