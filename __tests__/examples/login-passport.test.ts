// The example is used as a browser uses it. What counts: the password alone must open nothing.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Express } from "express";
import request from "supertest";
import { brokenStore, loadLoginExamples, stopClock } from "../helpers/login-examples.js";
import { codeAt, type TestClock, wrongCodes } from "../helpers/service.js";

const root = path.join(__dirname, "../..");
const PASSWORD = "correct horse battery staple";
const GUARDED = [
  "get /account",
  "post /transfers",
  "get /totp",
  "post /totp/setup",
  "post /totp/confirm",
  "post /totp/backup-codes",
  "post /totp/disable",
];

// Room for a slow machine: passwords are hashed as they are in the example.
jest.setTimeout(60_000);

test("the walk runs through, and every answer is the one that it is meant to show", async () => {
  const args = ["--import", "tsx", "examples/login/passport/walk.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const statuses = [...stdout.matchAll(/^ {4}(\d{3}) /gm)].map(([, status]) => Number(status));
  expect(statuses).toEqual([200, 200, 200, 200, 204, 200, 401, 401, 200, 200, 200, 403, 204]);
});

describe("signing in with Passport", () => {
  const examples = loadLoginExamples("express");
  const examplesOnExpress4 = loadLoginExamples("express4");
  let app: Express;
  let clock: TestClock;

  beforeAll(async () => {
    for (const { addUser } of [examples, examplesOnExpress4]) {
      await addUser("ada@example.com", PASSWORD);
      await addUser("eve@example.com", PASSWORD);
    }
  });
  beforeEach(() => {
    clock = stopClock();
    app = examples.createPassportApp();
  });
  afterEach(() => jest.restoreAllMocks());

  /** A browser: it keeps the cookie that it was given last. */
  const openBrowser = () => request.agent(app);
  type Browser = ReturnType<typeof openBrowser>;

  const login = (browser: Browser, email = "ada@example.com", password: unknown = PASSWORD) =>
    browser.post("/login").send({ email, password });
  const giveCode = (browser: Browser, code: unknown) => browser.post("/login/code").send({ code });

  async function signIn(email?: string) {
    const browser = openBrowser();
    expect((await login(browser, email)).body).toEqual({ signed_in: true });
    return browser;
  }

  /** Turns TOTP on for Ada. Afterwards there is a fresh code. */
  async function enroll() {
    const browser = await signIn();
    const { secret } = (await browser.post("/totp/setup")).body;
    const code = codeAt(secret, clock.time);
    const confirmed = await browser.post("/totp/confirm").send({ code });
    expect(confirmed.status).toBe(200);
    clock.advance(30);
    const fresh = () => codeAt(secret, clock.time);
    const backupCodes: string[] = confirmed.body.backup_codes;
    return { browser, secret, usedCode: code, fresh, backupCodes };
  }

  /** A browser whose user gave the right password, and no code yet. */
  async function waitForCode() {
    const browser = openBrowser();
    const { status, body } = await login(browser);
    expect([status, body]).toEqual([200, { signed_in: false, requires_action: "totp" }]);
    return browser;
  }

  async function tryGuarded(browser: Browser, code: string) {
    const answers: Record<string, number> = {};
    for (const route of GUARDED) {
      const [method, target = ""] = route.split(" ");
      const asked = method === "get" ? browser.get(target) : browser.post(target).send({ code });
      answers[route] = (await asked.set("X-TOTP-Code", code)).status;
    }
    return answers;
  }

  const refused = Object.fromEntries(GUARDED.map((route) => [route, 401]));

  test("the password is enough while TOTP is off", async () => {
    const browser = await signIn();
    expect((await browser.get("/account")).body).toEqual({ email: "ada@example.com" });
    expect((await browser.get("/totp")).body).toMatchObject({ is_setup: false });
    expect((await browser.post("/transfers")).status).toBe(403);
  });

  test.each([
    ["wrong", "ada@example.com", "guess", 401],
    ["of nobody", "bob@example.com", PASSWORD, 401],
    ["missing", "ada@example.com", null, 400],
    ["no text", "ada@example.com", 7, 401],
  ])("a password that is %s opens nothing", async (_what, email, password, status) => {
    const browser = openBrowser();
    expect((await login(browser, email, password)).status).toBe(status);
    expect(await tryGuarded(browser, "123456")).toEqual(refused);
    expect((await giveCode(browser, "123456")).body).toEqual({ error: "password_required" });
  });

  test("the right password opens nothing while TOTP is on, not even with a fresh code", async () => {
    const { fresh } = await enroll();
    const browser = await waitForCode();
    expect(await tryGuarded(browser, fresh())).toEqual(refused);
    expect((await giveCode(browser, fresh())).status).toBe(200);
  });

  test("the second step opens what the user may see", async () => {
    const { fresh } = await enroll();
    const browser = await waitForCode();
    const { body } = await giveCode(browser, fresh());
    expect(body).toEqual({ signed_in: true, backup_codes_remaining: 10 });
    expect((await browser.get("/account")).body).toEqual({ email: "ada@example.com" });
    expect((await browser.get("/totp")).body).toEqual({
      is_setup: true,
      backup_codes_remaining: 10,
    });
    clock.advance(30);
    expect((await giveCode(browser, fresh())).body).toEqual({ error: "password_required" });
  });

  test("nobody is signed in while the store fails", async () => {
    app = examples.createPassportApp(brokenStore);
    const browser = openBrowser();
    expect((await login(browser)).status).toBe(500);
    expect((await browser.get("/account")).status).toBe(401);
  });

  test("a wrong code leaves the sign-in waiting", async () => {
    const { secret, fresh } = await enroll();
    const browser = await waitForCode();
    const [wrong] = wrongCodes(1, clock.time, secret);
    for (const [code, error] of [
      [wrong, "wrong_code"],
      ["12", "malformed_code"],
      [undefined, "malformed_code"],
      [{ $gt: "" }, "malformed_code"],
    ]) {
      const answer = await giveCode(browser, code);
      expect([answer.status, answer.body]).toEqual([401, { error }]);
    }
    expect((await giveCode(browser, fresh())).status).toBe(200);
  });

  test("a code works once: neither after the setup nor in another browser", async () => {
    const { usedCode, fresh } = await enroll();
    const [first, second] = [await waitForCode(), await waitForCode()];
    expect((await giveCode(first, usedCode)).body).toEqual({ error: "wrong_code" });
    expect((await giveCode(first, fresh())).status).toBe(200);
    expect((await giveCode(second, fresh())).body).toEqual({ error: "wrong_code" });
    expect((await second.get("/account")).status).toBe(401);
  });

  test("of two browsers that give one code at the same moment, one is signed in", async () => {
    const { fresh } = await enroll();
    const browsers = [await waitForCode(), await waitForCode()];
    const answers = await Promise.all(browsers.map((each) => giveCode(each, fresh())));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test("a backup code works once", async () => {
    const { backupCodes } = await enroll();
    const [first, second] = [await waitForCode(), await waitForCode()];
    const { body } = await giveCode(first, backupCodes[0]);
    expect(body).toEqual({ signed_in: true, backup_codes_remaining: 9 });
    expect((await giveCode(second, backupCodes[0])).status).toBe(401);
    expect((await giveCode(second, backupCodes[1])).status).toBe(200);
  });

  test("five wrong codes lock the user, in whichever browser, and sign nobody out", async () => {
    const { browser, secret, fresh } = await enroll();
    const [first, second] = [await waitForCode(), await waitForCode()];
    for (const code of wrongCodes(5, clock.time, secret)) {
      expect((await giveCode(first, code)).body).toEqual({ error: "wrong_code" });
    }
    for (const each of [first, second, await waitForCode()]) {
      const { status, headers, body } = await giveCode(each, fresh());
      expect([status, headers["retry-after"], body]).toEqual([429, "900", { error: "locked" }]);
    }
    const turnOff = await browser.post("/totp/disable").send({ code: fresh() });
    expect([turnOff.status, turnOff.headers["retry-after"]]).toEqual([429, "900"]);
    expect((await browser.get("/account")).status).toBe(200);

    clock.advance(900);
    expect((await giveCode(await waitForCode(), fresh())).status).toBe(200);
  });

  test("a sign-in waits for five minutes, and uses up no code afterwards", async () => {
    const { fresh, backupCodes } = await enroll();
    const [early, late] = [await waitForCode(), await waitForCode()];
    clock.advance(299);
    expect((await giveCode(early, backupCodes[0])).status).toBe(200);
    clock.advance(1);
    const { status, body } = await giveCode(late, fresh());
    expect([status, body]).toEqual([401, { error: "password_required" }]);
    expect(await tryGuarded(late, fresh())).toEqual(refused);
    expect((await giveCode(await waitForCode(), fresh())).status).toBe(200);
  });

  test("a session that was planted, or is from before the code, is worth nothing afterwards", async () => {
    const { fresh } = await enroll();
    const planted = cookieOf(await login(openBrowser(), "eve@example.com"));
    const victim = openBrowser();
    const atPassword = await login(victim).set("Cookie", planted);
    const atCode = await giveCode(victim, fresh());
    expect(atCode.status).toBe(200);
    const cookies = [planted, cookieOf(atPassword), cookieOf(atCode)];
    expect(new Set(cookies).size).toBe(3);
    clock.advance(30);
    for (const cookie of cookies.slice(0, 2)) {
      const account = await request(app).get("/account").set("Cookie", cookie);
      expect(account.status).toBe(401);
      const code = await request(app)
        .post("/login/code")
        .set("Cookie", cookie)
        .send({ code: fresh() });
      expect(code.body).toEqual({ error: "password_required" });
    }
  });

  test("whoever signs in as somebody else is the former user no more", async () => {
    await enroll();
    const browser = await signIn("eve@example.com");
    expect((await login(browser)).body).toMatchObject({ signed_in: false });
    expect((await browser.get("/account")).status).toBe(401);
  });

  test("signing out ends the session, on the server too", async () => {
    const browser = openBrowser();
    const cookie = cookieOf(await login(browser));
    expect((await request(app).get("/account").set("Cookie", cookie)).status).toBe(200);
    expect((await browser.post("/logout")).status).toBe(204);
    expect((await request(app).get("/account").set("Cookie", cookie)).status).toBe(401);
  });

  test("the cookie is out of reach for scripts and for what other sites send", async () => {
    const answer = await login(openBrowser());
    expect(answer.headers["set-cookie"]?.[0]).toMatch(/; HttpOnly; SameSite=Lax$/);
  });

  test("a sensitive route opens for five minutes after a code, and with a fresh one", async () => {
    const { browser, fresh } = await enroll();
    clock.advance(270);
    expect((await browser.post("/transfers")).status).toBe(200);
    clock.advance(1);
    expect((await browser.post("/transfers")).status).toBe(403);
    expect((await browser.post("/transfers").set("X-TOTP-Code", fresh())).status).toBe(200);
  });

  test.each(["setup", "backup-codes", "disable"])("%s needs a fresh code", async (change) => {
    const { browser, secret, usedCode, fresh } = await enroll();
    const ask = (code?: unknown) => browser.post(`/totp/${change}`).send({ code });
    expect([(await ask()).status, (await ask()).body]).toEqual([403, { error: "code_required" }]);
    for (const code of [usedCode, ...wrongCodes(1, clock.time, secret)]) {
      const { status, body } = await ask(code);
      expect([status, body]).toEqual([403, { error: "wrong_code" }]);
    }
    expect((await ask(null)).status).toBe(403);
    expect((await ask(fresh())).status).toBe(change === "disable" ? 204 : 200);
    expect((await browser.get("/totp")).body.is_setup).toBe(change !== "disable");
  });

  test("the password is enough again once TOTP is off", async () => {
    const { browser, fresh } = await enroll();
    const waiting = await waitForCode();
    await browser.post("/totp/disable").send({ code: fresh() });
    clock.advance(30);
    expect((await giveCode(waiting, fresh())).body).toEqual({ error: "not_enabled" });
    expect((await waiting.get("/account")).status).toBe(401);
    await signIn();
  });

  test("new backup codes void the old ones", async () => {
    const { browser, fresh, backupCodes } = await enroll();
    const { body } = await browser.post("/totp/backup-codes").send({ code: fresh() });
    expect((await giveCode(await waitForCode(), backupCodes[0])).status).toBe(401);
    expect((await giveCode(await waitForCode(), body.backup_codes[0])).status).toBe(200);
  });

  test("two backup codes are enough to move to another phone", async () => {
    const { backupCodes, fresh } = await enroll();
    const browser = await waitForCode();
    expect((await giveCode(browser, backupCodes[0])).status).toBe(200);
    const setup = await browser.post("/totp/setup").send({ code: backupCodes[1] });
    const code = codeAt(setup.body.secret, clock.time);
    expect((await browser.post("/totp/confirm").send({ code })).status).toBe(200);
    clock.advance(30);
    expect((await giveCode(await waitForCode(), fresh())).status).toBe(401);
    const onNewPhone = codeAt(setup.body.secret, clock.time);
    expect((await giveCode(await waitForCode(), onNewPhone)).status).toBe(200);
  });

  test("a setup is confirmed by its own code only, and no cache keeps what it shows", async () => {
    const browser = await signIn();
    expect((await browser.post("/totp/confirm").send({ code: "123456" })).body).toEqual({
      error: "nothing_pending",
    });
    const setup = await browser.post("/totp/setup");
    expect(setup.headers["cache-control"]).toBe("no-store");
    expect(setup.body.qr_code_url).toMatch(/^data:image\/png;base64,/);
    const [code] = wrongCodes(1, clock.time, setup.body.secret);
    const confirmed = await browser.post("/totp/confirm").send({ code });
    expect([confirmed.status, confirmed.body]).toEqual([422, { error: "wrong_code" }]);
    expect((await login(openBrowser())).body).toEqual({ signed_in: true });
  });

  test("all of this is so on Express 4, too", async () => {
    app = examplesOnExpress4.createPassportApp();
    const { usedCode, fresh } = await enroll();
    const browser = await waitForCode();
    expect(await tryGuarded(browser, fresh())).toEqual(refused);
    expect((await giveCode(browser, usedCode)).body).toEqual({ error: "wrong_code" });
    expect((await giveCode(browser, fresh())).status).toBe(200);
    expect((await browser.get("/account")).body).toEqual({ email: "ada@example.com" });
    clock.advance(30);
    expect((await browser.post("/totp/disable")).status).toBe(403);
    expect((await browser.post("/totp/disable").send({ code: fresh() })).status).toBe(204);
    await signIn();
  });
});

/** The session's cookie, as a browser sends it back. */
function cookieOf({ headers }: request.Response): string {
  const cookie = headers["set-cookie"]?.[0]?.split(";")[0];
  if (!cookie) throw new Error("the answer has no cookie");
  return cookie;
}
