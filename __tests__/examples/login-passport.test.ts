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
const TOTP = "/auth/v1/users/current/totp";
const GUARDED = [
  "get /account",
  "post /transfers",
  `get ${TOTP}/status`,
  `post ${TOTP}/setup`,
  `post ${TOTP}/verify`,
  `post ${TOTP}/step-up`,
  `post ${TOTP}/backup-codes/regenerate`,
  `get ${TOTP}/devices`,
  `delete ${TOTP}/devices/one`,
  `delete ${TOTP}/delete`,
];

// Room for a slow machine: passwords are hashed as they are in the example.
jest.setTimeout(60_000);

test("the walk runs through, and every answer is the one that it is meant to show", async () => {
  const args = ["--import", "tsx", "examples/login/passport/walk.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const statuses = [...stdout.matchAll(/^ {4}(\d{3}) /gm)].map(([, status]) => Number(status));
  expect(statuses).toEqual([200, 200, 200, 200, 204, 200, 401, 401, 200, 200, 200, 403, 200]);
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
  /** The session_id that each browser got for its password. */
  const waiting = new WeakMap<Browser, string>();
  const giveCode = (browser: Browser, code: unknown) =>
    browser.post("/auth/v1/verify-totp").send({ session_id: waiting.get(browser) ?? "none", code });

  async function signIn(email?: string) {
    const browser = openBrowser();
    expect((await login(browser, email)).body).toEqual({ signed_in: true });
    return browser;
  }

  /** Turns TOTP on for Ada. Afterwards there is a fresh code. */
  async function enroll() {
    const browser = await signIn();
    const { secret } = (await browser.post(`${TOTP}/setup`)).body;
    const code = codeAt(secret, clock.time);
    const confirmed = await browser.post(`${TOTP}/verify`).send({ code });
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
    const { session_id, ...rest } = body;
    expect([status, rest]).toEqual([200, { requires_action: "totp" }]);
    waiting.set(browser, session_id);
    return browser;
  }

  async function tryGuarded(browser: Browser, code: string) {
    const answers: Record<string, number> = {};
    for (const route of GUARDED) {
      const [method, target = ""] = route.split(" ");
      const asked = browser[method as "get" | "post" | "delete"](target).set("X-TOTP-Code", code);
      answers[route] = (await (method === "get" ? asked : asked.send({ code }))).status;
    }
    return answers;
  }

  const turnOffWith = (browser: Browser, code: string) =>
    browser.delete(`${TOTP}/delete`).set("X-TOTP-Code", code);

  const refused = Object.fromEntries(GUARDED.map((route) => [route, 401]));

  test("the password is enough while TOTP is off", async () => {
    const browser = await signIn();
    expect((await browser.get("/account")).body).toEqual({ email: "ada@example.com" });
    expect((await browser.get(`${TOTP}/status`)).body).toMatchObject({ is_setup: false });
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
    expect((await giveCode(browser, "123456")).body.reason).toBe("unknown_session");
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
    expect(body).toEqual({ signed_in: true });
    expect((await browser.get("/account")).body).toEqual({ email: "ada@example.com" });
    expect((await browser.get(`${TOTP}/status`)).body).toMatchObject({ is_setup: true });
    clock.advance(30);
    expect((await giveCode(browser, fresh())).body.reason).toBe("unknown_session");
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
    for (const [code, expected] of [
      [wrong, 401],
      ["12", 400],
      [undefined, 400],
      [{ $gt: "" }, 400],
    ]) {
      expect((await giveCode(browser, code)).status).toBe(expected);
    }
    expect((await giveCode(browser, fresh())).status).toBe(200);
  });

  test("a code works once: neither after the setup nor in another browser", async () => {
    const { usedCode, fresh } = await enroll();
    const [first, second] = [await waitForCode(), await waitForCode()];
    expect((await giveCode(first, usedCode)).body.reason).toBe("wrong_code");
    expect((await giveCode(first, fresh())).status).toBe(200);
    expect((await giveCode(second, fresh())).body.reason).toBe("wrong_code");
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
    expect(body).toEqual({ signed_in: true });
    expect((await giveCode(second, backupCodes[0])).status).toBe(401);
    expect((await giveCode(second, backupCodes[1])).status).toBe(200);
  });

  test("five wrong codes lock the user, in whichever browser, and sign nobody out", async () => {
    const { browser, secret, fresh } = await enroll();
    const [first, second] = [await waitForCode(), await waitForCode()];
    for (const code of wrongCodes(5, clock.time, secret)) {
      expect((await giveCode(first, code)).body.reason).toBe("wrong_code");
    }
    for (const each of [first, second, await waitForCode()]) {
      const { status, headers, body } = await giveCode(each, fresh());
      expect([status, headers["retry-after"], body.reason]).toEqual([429, "900", "locked"]);
    }
    const turnOff = await turnOffWith(browser, fresh());
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
    expect([status, body.reason]).toEqual([401, "unknown_session"]);
    expect(await tryGuarded(late, fresh())).toEqual(refused);
    expect((await giveCode(await waitForCode(), fresh())).status).toBe(200);
  });

  test("a session that was planted is worth nothing after the second step", async () => {
    const { fresh } = await enroll();
    const planted = cookieOf(await login(openBrowser(), "eve@example.com"));
    const { body } = await login(openBrowser()).set("Cookie", planted);
    const completed = await request(app)
      .post("/auth/v1/verify-totp")
      .set("Cookie", planted)
      .send({ session_id: body.session_id, code: fresh() });
    expect(completed.status).toBe(200);
    const accountOf = (cookie: string) => request(app).get("/account").set("Cookie", cookie);
    expect((await accountOf(planted)).status).toBe(401);
    expect((await accountOf(cookieOf(completed))).body).toEqual({ email: "ada@example.com" });
  });

  test("other sessions end when TOTP is turned on, and the one that turned it on does not", async () => {
    const [stolen, ofEve] = [await signIn(), await signIn("eve@example.com")];
    clock.advance(1);
    const { browser } = await enroll();
    expect((await stolen.get("/account")).status).toBe(401);
    expect((await ofEve.get("/account")).status).toBe(200);
    expect((await browser.get("/account")).status).toBe(200);
  });

  test("a session is fresh by its own codes, not by those of another one", async () => {
    const { browser, fresh } = await enroll();
    const other = await waitForCode();
    clock.advance(271);
    expect((await giveCode(other, fresh())).status).toBe(200);
    expect((await browser.post("/transfers")).status).toBe(403);
    expect((await other.post("/transfers")).status).toBe(200);
    clock.advance(30);
    expect((await browser.post(`${TOTP}/step-up`).send({ code: fresh() })).status).toBe(204);
    expect((await browser.post("/transfers")).status).toBe(200);
  });

  test("a setup begins only soon after a sign-in", async () => {
    const browser = await signIn();
    clock.advance(300);
    const { status, body } = await browser.post(`${TOTP}/setup`);
    expect([status, body.reason]).toEqual([403, "not_authorized"]);
  });

  test("what another site sends with the cookie is refused", async () => {
    const browser = await signIn();
    const { status, body } = await browser
      .post(`${TOTP}/setup`)
      .set("Origin", "https://evil.example")
      .set("Sec-Fetch-Site", "cross-site");
    expect([status, body.reason]).toEqual([403, "cross_site"]);
  });

  test("ten wrong passwords are allowed in 15 minutes, for each account", async () => {
    for (let i = 0; i < 10; i++) {
      expect((await login(openBrowser(), "ada@example.com", "guess")).status).toBe(401);
    }
    const { status, headers } = await login(openBrowser());
    expect([status, headers["retry-after"]]).toEqual([429, "900"]);
    expect((await login(openBrowser(), "eve@example.com")).status).toBe(200);
    clock.advance(900);
    expect((await login(openBrowser())).status).toBe(200);
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

  test.each([
    `post ${TOTP}/setup`,
    `post ${TOTP}/backup-codes/regenerate`,
    `delete ${TOTP}/delete`,
  ])("%s needs a fresh code", async (route) => {
    const { browser, secret, usedCode, fresh } = await enroll();
    const [method, target = ""] = route.split(" ");
    const ask = (code?: string) => {
      const asked = browser[method as "post" | "delete"](target);
      return code === undefined ? asked : asked.set("X-TOTP-Code", code);
    };
    const without = await ask();
    expect([without.status, without.body.reason]).toEqual([403, "code_required"]);
    for (const code of [usedCode, ...wrongCodes(1, clock.time, secret)]) {
      const { status, body } = await ask(code);
      expect([status, body.reason]).toEqual([403, "wrong_code"]);
    }
    expect((await ask(fresh())).status).toBe(200);
  });

  test("the password is enough again once TOTP is off", async () => {
    const { browser, fresh } = await enroll();
    const late = await waitForCode();
    await turnOffWith(browser, fresh());
    clock.advance(30);
    expect((await giveCode(late, fresh())).body.reason).toBe("unknown_session");
    expect((await late.get("/account")).status).toBe(401);
    await signIn();
  });

  test("new backup codes void the old ones", async () => {
    const { browser, fresh, backupCodes } = await enroll();
    const { body } = await browser
      .post(`${TOTP}/backup-codes/regenerate`)
      .set("X-TOTP-Code", fresh());
    expect((await giveCode(await waitForCode(), backupCodes[0])).status).toBe(401);
    expect((await giveCode(await waitForCode(), body.backup_codes[0])).status).toBe(200);
  });

  test("two backup codes are enough to move to another phone", async () => {
    const { backupCodes, fresh } = await enroll();
    const browser = await waitForCode();
    expect((await giveCode(browser, backupCodes[0])).status).toBe(200);
    const setup = await browser.post(`${TOTP}/setup`).set("X-TOTP-Code", String(backupCodes[1]));
    const code = codeAt(setup.body.secret, clock.time);
    expect((await browser.post(`${TOTP}/verify`).send({ code })).status).toBe(200);
    clock.advance(30);
    expect((await giveCode(await waitForCode(), fresh())).status).toBe(401);
    const onNewPhone = codeAt(setup.body.secret, clock.time);
    expect((await giveCode(await waitForCode(), onNewPhone)).status).toBe(200);
  });

  test("a setup is confirmed by its own code only, and no cache keeps what it shows", async () => {
    const browser = await signIn();
    expect((await browser.post(`${TOTP}/verify`).send({ code: "123456" })).body.reason).toBe(
      "nothing_pending",
    );
    const setup = await browser.post(`${TOTP}/setup`);
    expect(setup.headers["cache-control"]).toBe("no-store");
    expect(setup.body.qr_code_url).toMatch(/^data:image\/png;base64,/);
    const [code] = wrongCodes(1, clock.time, setup.body.secret);
    const confirmed = await browser.post(`${TOTP}/verify`).send({ code });
    expect([confirmed.status, confirmed.body.reason]).toEqual([422, "wrong_code"]);
    expect((await login(openBrowser())).body).toEqual({ signed_in: true });
  });

  test("all of this is so on Express 4, too", async () => {
    app = examplesOnExpress4.createPassportApp();
    const { usedCode, fresh } = await enroll();
    const browser = await waitForCode();
    expect(await tryGuarded(browser, fresh())).toEqual(refused);
    expect((await giveCode(browser, usedCode)).body.reason).toBe("wrong_code");
    expect((await giveCode(browser, fresh())).status).toBe(200);
    expect((await browser.get("/account")).body).toEqual({ email: "ada@example.com" });
    clock.advance(30);
    expect((await browser.delete(`${TOTP}/delete`)).status).toBe(403);
    expect((await turnOffWith(browser, fresh())).status).toBe(200);
    await signIn();
  });
});

/** The session's cookie, as a browser sends it back. */
function cookieOf({ headers }: request.Response): string {
  const cookie = headers["set-cookie"]?.[0]?.split(";")[0];
  if (!cookie) throw new Error("the answer has no cookie");
  return cookie;
}
