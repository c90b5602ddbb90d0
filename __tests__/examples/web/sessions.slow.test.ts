import { stopPrograms } from "../../helpers/snippets-program.js";
import { GRACE, startDemo } from "./start-demo.js";
import { leadsTo, readSecret, Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);
afterEach(stopPrograms);

const PAGES = ["", "/setup", "/backup-codes", "/new-phone", "/turn-off"].map(
  (page) => `/security${page}`,
);
const FORMS = [
  "/setup",
  "/setup/confirm",
  "/new-phone",
  "/backup-codes",
  "/devices/revoke",
  "/turn-off",
].map((page) => `/security${page}`);

async function startEnrolled() {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  const { secret, backupCodes } = await visitor.turnOn();
  await visitor.post("/sign-out");
  return { demo, visitor, secret, backupCodes };
}

test("the second step cannot be skipped", async () => {
  const { demo, visitor, secret } = await startEnrolled();
  expect(leadsTo(await visitor.enterPassword())).toBe("303 /sign-in/code");
  for (const page of PAGES) expect(leadsTo(await visitor.get(page))).toBe("303 /sign-in/code");
  for (const form of FORMS) {
    // Not even with the right code: it is asked for at the door.
    const answer = await visitor.post(form, { code: demo.code(secret) });
    expect(leadsTo(answer)).toBe("303 /sign-in/code");
  }
  const [wrong = ""] = demo.wrongCodes(1, secret);
  expect((await visitor.post("/sign-in/code", { code: wrong })).status).toBe(422);
  expect((await visitor.post("/sign-in/code", {})).status).toBe(422);
  expect(leadsTo(await visitor.get("/security"))).toBe("303 /sign-in/code");
  const code = demo.code(secret);
  expect(leadsTo(await visitor.post("/sign-in/code", { code }))).toBe("303 /security");
  expect((await visitor.get("/security")).status).toBe(200);
});

test("nobody gets in without a password", async () => {
  const visitor = new Visitor(await startDemo());
  for (const page of [...PAGES, "/sign-in/code"]) {
    expect(leadsTo(await visitor.get(page))).toBe("303 /sign-in");
  }
  for (const form of [...FORMS, "/sign-in/code"]) {
    expect(leadsTo(await visitor.post(form, { code: "123456" }))).toBe("303 /sign-in");
  }
});

test("each step of signing in makes another session, and ends the one before", async () => {
  const { demo, visitor, secret } = await startEnrolled();
  const signedOut = visitor.cookie;
  await visitor.enterPassword();
  const waiting = visitor.cookie;
  await visitor.post("/sign-in/code", { code: demo.code(secret) });
  const signedIn = visitor.cookie;
  expect(new Set([signedOut, waiting, signedIn]).size).toBe(3);
  await visitor.post("/sign-out");
  for (const cookie of [signedOut, waiting, signedIn]) {
    const thief = new Visitor(demo);
    thief.cookie = cookie;
    expect(leadsTo(await thief.get("/security"))).toBe("303 /sign-in");
    expect(leadsTo(await thief.get("/sign-in/code"))).toBe("303 /sign-in");
  }
});

test("a second step that does not come in time begins with the password again", async () => {
  const { demo, visitor, secret } = await startEnrolled();
  await visitor.enterPassword();
  await demo.advance(5 * 60);
  const code = demo.code(secret);
  expect(leadsTo(await visitor.post("/sign-in/code", { code }))).toBe("303 /sign-in");
  expect((await visitor.get("/sign-in")).text).toContain("That took too long.");
});

test("sessions from before it was turned on end then, except the one that turned it on", async () => {
  const demo = await startDemo();
  const [stolen, grace, visitor] = [new Visitor(demo), new Visitor(demo), new Visitor(demo)];
  await stolen.enterPassword();
  await grace.post("/sign-up", GRACE);
  await demo.advance(1);
  const { secret } = await visitor.turnOn();
  expect((await visitor.get("/security")).status).toBe(200);
  expect((await grace.get("/security")).status).toBe(200);
  expect(leadsTo(await stolen.get("/security"))).toBe("303 /sign-in");
  expect((await stolen.get("/sign-in")).text).toContain("set up on another device");
  for (const page of PAGES) expect(leadsTo(await stolen.get(page))).toBe("303 /sign-in");

  const other = new Visitor(demo);
  await other.enterPassword();
  await other.post("/sign-in/code", { code: demo.code(secret) });
  await demo.advance(30);
  const setup = await visitor.post("/security/new-phone", { code: demo.code(secret) });
  const key = readSecret(setup);
  await visitor.post("/security/setup/confirm", { key, code: demo.code(key) });
  expect(leadsTo(await other.get("/security"))).toBe("303 /sign-in");
  expect((await visitor.get("/security")).status).toBe(200);
});

test("a code works once, on whatever page", async () => {
  const { demo, visitor, secret, backupCodes } = await startEnrolled();
  const [first = "", second = ""] = backupCodes;
  const code = demo.code(secret);
  await visitor.enterPassword();
  await visitor.post("/sign-in/code", { code });
  expect((await visitor.post("/security/turn-off", { code })).status).toBe(422);
  expect((await visitor.post("/security/backup-codes", { code: first })).status).toBe(200);
  expect((await visitor.post("/security/turn-off", { code: second })).status).toBe(422);
  expect((await visitor.get("/security")).text).toContain("10</strong> of 10 left");
});

test("whoever signs in by backup codes is told when few are left", async () => {
  const { visitor, backupCodes } = await startEnrolled();
  const advised: number[] = [];
  for (const code of backupCodes.slice(0, 8)) {
    await visitor.post("/sign-out");
    await visitor.enterPassword();
    await visitor.post("/sign-in/code?with=backup-code", { code });
    // On the notice of this sign-in, and beside the number.
    const { text } = await visitor.get("/security");
    advised.push(text.split("Make new ones before they run out.").length - 1);
  }
  expect(advised).toEqual([0, 0, 0, 0, 0, 0, 0, 2]);
});
