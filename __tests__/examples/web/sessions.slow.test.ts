import { stopPrograms } from "../../helpers/snippets-program.js";
import { GRACE, startDemo } from "./start-demo.js";
import { leadsTo, readKey, Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);
afterEach(stopPrograms);

const PAGES = ["/", "/payouts", "/two-factor", "/two-factor/setup", "/two-factor/step-up"];
const FORMS = ["/setup", "/setup/confirm", "/backup-codes", "/devices", "/turn-off", "/step-up"];

async function startEnrolled() {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  const { secret, backupCodes } = await visitor.turnOn();
  await visitor.post("/sign-out");
  return { demo, visitor, secret, backupCodes };
}

test("the second step cannot be skipped", async () => {
  const { demo, visitor, secret } = await startEnrolled();
  expect(leadsTo(await visitor.enterPassword())).toBe("303 /two-factor/login");
  for (const page of PAGES) expect(leadsTo(await visitor.get(page))).toBe("303 /sign-in");
  for (const form of FORMS) {
    // Not even with the right code: it is asked for at the door.
    const answer = await visitor.post(`/two-factor${form}`, { code: demo.code(secret) });
    expect(answer.status).toBe(401);
  }
  const [wrong = ""] = demo.wrongCodes(1, secret);
  expect((await visitor.post("/two-factor/login", { code: wrong })).status).toBe(401);
  expect(leadsTo(await visitor.get("/"))).toBe("303 /sign-in");
  const code = demo.code(secret);
  expect(leadsTo(await visitor.post("/two-factor/login", { code }))).toBe("303 /");
  expect((await visitor.get("/")).status).toBe(200);
});

test("nobody gets in without a password", async () => {
  const visitor = new Visitor(await startDemo());
  for (const page of [...PAGES, "/two-factor/login"]) {
    expect(leadsTo(await visitor.get(page))).toBe("303 /sign-in");
  }
  for (const form of [...FORMS, "/login", "/login/setup"]) {
    expect((await visitor.post(`/two-factor${form}`, { code: "123456" })).status).toBe(401);
  }
});

test("an account that requires a second factor is not entered without one", async () => {
  const visitor = new Visitor(await startDemo());
  const account = { ...GRACE, must_enroll: "yes" };
  expect(leadsTo(await visitor.post("/sign-up", account))).toBe("303 /two-factor/login");
  expect(leadsTo(await visitor.get("/"))).toBe("303 /sign-in");
  expect(leadsTo(await visitor.enterPassword(GRACE))).toBe("303 /two-factor/login");
  expect(leadsTo(await visitor.get("/"))).toBe("303 /sign-in");
});

test("each step of signing in makes another session, and ends the one before", async () => {
  const { demo, visitor, secret } = await startEnrolled();
  const signedOut = visitor.cookie;
  await visitor.enterPassword();
  const waiting = visitor.cookie;
  await visitor.post("/two-factor/login", { code: demo.code(secret) });
  const signedIn = visitor.cookie;
  expect(new Set([signedOut, waiting, signedIn]).size).toBe(3);
  await visitor.post("/sign-out");
  for (const cookie of [signedOut, waiting, signedIn]) {
    const thief = new Visitor(demo);
    thief.cookie = cookie;
    expect(leadsTo(await thief.get("/"))).toBe("303 /sign-in");
    expect(leadsTo(await thief.get("/two-factor/login"))).toBe("303 /sign-in");
  }
});

test("a second step that does not come in time begins with the password again", async () => {
  const { demo, visitor, secret } = await startEnrolled();
  await visitor.enterPassword();
  await demo.advance(5 * 60);
  const { status, text } = await visitor.post("/two-factor/login", { code: demo.code(secret) });
  expect(status).toBe(401);
  expect(text).toContain("Your sign-in has expired.");
  expect(text).toContain('href="/sign-in"');
});

test("a trusted device asks for the password alone, and for the right one", async () => {
  const { demo, visitor, secret } = await startEnrolled();
  await visitor.enterPassword();
  const fields = { code: demo.code(secret), trust_device: "yes" };
  expect(leadsTo(await visitor.post("/two-factor/login", fields))).toBe("303 /");
  await visitor.post("/sign-out");
  const wrong = { email: "ada@example.com", password: "wrong" };
  expect((await visitor.enterPassword(wrong)).status).toBe(422);
  expect(leadsTo(await visitor.enterPassword())).toBe("303 /");
  expect(leadsTo(await new Visitor(demo).enterPassword())).toBe("303 /two-factor/login");
});

test("payouts take a code of the last five minutes, given in this session", async () => {
  const { demo, visitor, secret, backupCodes } = await startEnrolled();
  await visitor.enterPassword();
  await visitor.post("/two-factor/login", { code: demo.code(secret) });
  expect((await visitor.get("/payouts")).status).toBe(200);
  await demo.advance(301);
  const stepUp = "/two-factor/step-up?to=%2Fpayouts";
  expect(leadsTo(await visitor.get("/payouts"))).toBe(`303 ${stepUp}`);
  const fields = { code: backupCodes[0] ?? "", to: "/payouts" };
  expect(leadsTo(await visitor.post("/two-factor/step-up", fields))).toBe("303 /payouts");
  expect((await visitor.get("/payouts")).status).toBe(200);

  const other = new Visitor(demo);
  await other.post("/sign-up", GRACE);
  expect(leadsTo(await other.get("/payouts"))).toBe("303 /two-factor/setup?to=%2Fpayouts");
});

test("sessions from before it was turned on end then, except the one that turned it on", async () => {
  const demo = await startDemo();
  const [stolen, grace, visitor] = [new Visitor(demo), new Visitor(demo), new Visitor(demo)];
  await stolen.enterPassword();
  await grace.post("/sign-up", GRACE);
  await demo.advance(1);
  const { secret } = await visitor.turnOn();
  for (const page of PAGES) expect((await visitor.get(page)).status).toBe(200);
  expect((await grace.get("/")).status).toBe(200);
  for (const page of PAGES) expect(leadsTo(await stolen.get(page))).toBe("303 /sign-in");
  // Said once, on the first page that there is to read.
  const said = "set up on another device";
  expect((await stolen.get("/sign-in")).text).toContain(said);
  expect((await stolen.get("/sign-in")).text).not.toContain(said);

  const other = new Visitor(demo);
  await other.enterPassword();
  await other.post("/two-factor/login", { code: demo.code(secret) });
  await demo.advance(30);
  const setup = await visitor.post("/two-factor/setup", { code: demo.code(secret) });
  const key = readKey(setup);
  await visitor.post("/two-factor/setup/confirm", { key, code: demo.code(key) });
  expect(leadsTo(await other.get("/"))).toBe("303 /sign-in");
  expect((await visitor.get("/")).status).toBe(200);
});
