// The example is used as a client uses it. What counts: the password alone must open nothing.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Express } from "express";
import jwt from "jsonwebtoken";
import request from "supertest";
import { brokenStore, loadLoginExamples, stopClock } from "../helpers/login-examples.js";
import { codeAt, type TestClock, wrongCodes } from "../helpers/service.js";

const root = path.join(__dirname, "../..");
const PASSWORD = "correct horse battery staple";
const TOTP = "/auth/v1/users/current/totp";
const GUARDED = [
  "get /account",
  "get /payouts",
  "post /transfers",
  `get ${TOTP}/status`,
  `post ${TOTP}/setup`,
  `post ${TOTP}/verify`,
  `post ${TOTP}/backup-codes/regenerate`,
  `get ${TOTP}/devices`,
  `delete ${TOTP}/devices/one`,
  `delete ${TOTP}/delete`,
];

// Room for a slow machine: passwords are hashed as they are in the example.
jest.setTimeout(60_000);

test("the walk runs through, and every answer is the one that it is meant to show", async () => {
  const args = ["--import", "tsx", "examples/login/jwt/walk.ts"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const statuses = [...stdout.matchAll(/^ {4}(\d{3}) /gm)].map(([, status]) => Number(status));
  expect(statuses).toEqual([200, 200, 403, 200, 200, 200, 401, 401, 200, 200, 403, 200, 200]);
});

describe("signing in with JWTs", () => {
  const examples = loadLoginExamples("express");
  const examplesOnExpress4 = loadLoginExamples("express4");
  let app: Express;
  let clock: TestClock;

  beforeAll(async () => {
    await examples.addUser("ada@example.com", PASSWORD);
    await examples.addUser("eve@example.com", PASSWORD);
    await examplesOnExpress4.addUser("ada@example.com", PASSWORD);
  });
  beforeEach(() => {
    clock = stopClock();
    app = examples.createJwtApp();
  });
  afterEach(() => jest.restoreAllMocks());

  /** Asks with an `Authorization` header, and a fresh code where there is one. */
  function ask(route: string, authorization: string, code?: string, body?: object) {
    const [method, target = ""] = route.split(" ");
    const asked = request(app)[method as "get" | "post" | "delete"](target);
    asked.set("Authorization", authorization);
    if (code !== undefined) asked.set("X-TOTP-Code", code);
    return body ? asked.send(body) : asked;
  }

  const login = (email = "ada@example.com", password: unknown = PASSWORD) =>
    request(app).post("/login").send({ email, password });
  const giveCode = (session_id: unknown, code: unknown) =>
    request(app).post("/auth/v1/verify-totp").send({ session_id, code });

  async function tryGuarded(authorization: string, code: string) {
    const answers: Record<string, number> = {};
    for (const route of GUARDED) {
      const body = route.startsWith("get") ? undefined : { code };
      answers[route] = (await ask(route, authorization, code, body)).status;
    }
    return answers;
  }

  const refused = Object.fromEntries(GUARDED.map((route) => [route, 401]));

  /** The access token of who needs no second step. */
  async function signIn(email?: string): Promise<string> {
    const { body } = await login(email);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 900,
    });
    return body.access_token;
  }

  /** Turns TOTP on for Ada. Afterwards there is a fresh code. */
  async function enroll() {
    const token = await signIn();
    const { secret } = (await ask(`post ${TOTP}/setup`, `Bearer ${token}`)).body;
    const code = codeAt(secret, clock.time);
    const confirmed = await ask(`post ${TOTP}/verify`, `Bearer ${token}`, undefined, { code });
    expect(confirmed.status).toBe(200);
    clock.advance(30);
    return {
      token,
      secret,
      usedCode: code,
      fresh: () => codeAt(secret, clock.time),
      confirmed: confirmed.body,
      backupCodes: confirmed.body.backup_codes as string[],
    };
  }

  /** The session_id of Ada, whose password was right, and who gave no code yet. */
  async function waitForCode(): Promise<string> {
    const { status, body } = await login();
    expect([status, body]).toEqual([
      200,
      { session_id: expect.any(String), requires_action: "totp" },
    ]);
    return body.session_id;
  }

  test("the password is enough while TOTP is off, except where a second step is asked for", async () => {
    const authorization = `Bearer ${await signIn()}`;
    expect((await ask("get /account", authorization)).body).toEqual({ email: "ada@example.com" });
    expect((await ask(`get ${TOTP}/status`, authorization)).body.is_setup).toBe(false);
    expect((await ask("get /payouts", authorization)).status).toBe(403);
    expect((await ask("post /transfers", authorization, "123456")).status).toBe(403);
  });

  test.each([
    ["wrong", "ada@example.com", "guess"],
    ["of nobody", "bob@example.com", PASSWORD],
    ["missing", "ada@example.com", null],
    ["no text", "ada@example.com", { $gt: "" }],
  ])("a password that is %s gives no token of any kind", async (_what, email, password) => {
    const { status, body } = await login(email, password);
    expect([status, body]).toEqual([401, { code: 401, error: "Unauthorized" }]);
  });

  test("the right password opens nothing while TOTP is on, not even with a fresh code", async () => {
    const { fresh } = await enroll();
    const sessionId = await waitForCode();
    expect(await tryGuarded(`Bearer ${sessionId}`, fresh())).toEqual(refused);
    expect(await tryGuarded(sessionId, fresh())).toEqual(refused);
    expect((await giveCode(sessionId, fresh())).status).toBe(200);
  });

  test("the second step opens what the user may see, and says so in the token", async () => {
    const { fresh } = await enroll();
    const { body } = await giveCode(await waitForCode(), fresh());
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 900,
    });
    expect(jwt.decode(body.access_token)).toMatchObject({ amr: ["pwd", "otp"] });
    const authorization = `Bearer ${body.access_token}`;
    expect((await ask("get /account", authorization)).body).toEqual({ email: "ada@example.com" });
    expect((await ask("get /payouts", authorization)).status).toBe(200);
  });

  test("nobody is signed in while the store fails", async () => {
    app = examples.createJwtApp(brokenStore);
    const { status, text } = await login();
    expect(status).toBe(500);
    expect(text).not.toContain("eyJ");
  });

  test("the code that turns TOTP on counts as a second step", async () => {
    const { token, confirmed } = await enroll();
    expect((await ask("get /payouts", `Bearer ${token}`)).status).toBe(403);
    expect((await ask("get /payouts", `Bearer ${confirmed.access_token}`)).status).toBe(200);
  });

  test("an access token is no session_id", async () => {
    const { confirmed, fresh } = await enroll();
    for (const token of [confirmed.access_token, "session", ""]) {
      expect((await giveCode(token, fresh())).status).not.toBe(200);
    }
    expect((await giveCode(await waitForCode(), fresh())).status).toBe(200);
  });

  test("tokens that the app did not sign are nobody's", async () => {
    const { confirmed, fresh } = await enroll();
    for (const forged of forgeriesOf(confirmed.access_token)) {
      expect(await tryGuarded(`Bearer ${forged}`, fresh())).toEqual(refused);
    }
  });

  test("a code works once: neither after the setup nor with another session_id", async () => {
    const { usedCode, fresh } = await enroll();
    const [first, second] = [await waitForCode(), await waitForCode()];
    expect((await giveCode(first, usedCode)).status).toBe(401);
    expect((await giveCode(first, fresh())).status).toBe(200);
    expect((await giveCode(first, fresh())).status).toBe(401);
    expect((await giveCode(second, fresh())).status).toBe(401);
  });

  test("a session_id works once, whatever other code comes with it", async () => {
    const { fresh, backupCodes } = await enroll();
    const sessionId = await waitForCode();
    expect((await giveCode(sessionId, fresh())).status).toBe(200);
    const { status, body } = await giveCode(sessionId, backupCodes[0]);
    expect([status, body.reason]).toEqual([401, "unknown_session"]);
    expect((await giveCode(await waitForCode(), backupCodes[0])).status).toBe(200);
  });

  test("a backup code works once", async () => {
    const { backupCodes } = await enroll();
    expect((await giveCode(await waitForCode(), backupCodes[0])).status).toBe(200);
    expect((await giveCode(await waitForCode(), backupCodes[0])).status).toBe(401);
    expect((await giveCode(await waitForCode(), backupCodes[1])).status).toBe(200);
  });

  test("five wrong codes lock the user, whatever session_id they came with", async () => {
    const { secret, fresh, confirmed } = await enroll();
    for (const code of wrongCodes(5, clock.time, secret)) {
      expect((await giveCode(await waitForCode(), code)).status).toBe(401);
    }
    const { status, headers } = await giveCode(await waitForCode(), fresh());
    expect([status, headers["retry-after"]]).toEqual([429, "900"]);
    const authorization = `Bearer ${confirmed.access_token}`;
    expect((await ask("get /payouts", authorization)).status).toBe(200);
    expect((await ask("post /transfers", authorization, fresh())).status).toBe(429);

    clock.advance(900);
    expect((await giveCode(await waitForCode(), fresh())).status).toBe(200);
  });

  test.each(["a backup code", "three consecutive codes"])(
    "%s signs in during a lock",
    async (what) => {
      const { secret, backupCodes } = await enroll();
      const sessionId = await waitForCode();
      for (const code of wrongCodes(5, clock.time, secret)) await giveCode(sessionId, code);
      const three = [0, 30_000, 60_000].map((ms) => codeAt(secret, clock.time + ms)).join(" ");
      const code = what === "a backup code" ? backupCodes[0] : three;
      expect((await giveCode(sessionId, code)).status).toBe(200);
    },
  );

  test("a trusted device needs no second step, and its tokens say so", async () => {
    const { fresh } = await enroll();
    const { body } = await request(app)
      .post("/auth/v1/verify-totp")
      .send({ session_id: await waitForCode(), code: fresh(), trust_device: true });
    const device_token = body.device_token;
    const again = await login().send({
      email: "ada@example.com",
      password: PASSWORD,
      device_token,
    });
    expect(jwt.decode(again.body.access_token)).toMatchObject({ amr: ["pwd"] });
    const wrong = { email: "ada@example.com", password: "guess", device_token };
    expect((await request(app).post("/login").send(wrong)).status).toBe(401);
  });

  test("a setup begins only soon after a sign-in", async () => {
    const authorization = `Bearer ${await signIn()}`;
    clock.advance(300);
    const { status, body } = await ask(`post ${TOTP}/setup`, authorization);
    expect([status, body.reason]).toEqual([403, "not_authorized"]);
  });

  test("ten wrong passwords are allowed in 15 minutes, for each account", async () => {
    for (let i = 0; i < 10; i++) {
      expect((await login("ada@example.com", "guess")).status).toBe(401);
    }
    const { status, headers } = await login("Ada@example.com");
    expect([status, headers["retry-after"]]).toEqual([429, "900"]);
    expect((await login("eve@example.com")).status).toBe(200);
    clock.advance(900);
    expect((await login()).status).toBe(200);
  });

  test("right passwords are not limited", async () => {
    for (let i = 0; i < 11; i++) expect((await login()).status).toBe(200);
  });

  test("a session_id ends after five minutes, and uses up no code afterwards", async () => {
    const { fresh, backupCodes } = await enroll();
    const [early, late] = [await waitForCode(), await waitForCode()];
    clock.advance(299);
    expect((await giveCode(early, backupCodes[0])).status).toBe(200);
    clock.advance(1);
    expect((await giveCode(late, fresh())).body.details).toBe(
      "The session is unknown or has expired; sign in again",
    );
    expect((await giveCode(await waitForCode(), fresh())).status).toBe(200);
  });

  test("an access token ends after a quarter of an hour", async () => {
    const authorization = `Bearer ${await signIn()}`;
    clock.advance(899);
    expect((await ask("get /account", authorization)).status).toBe(200);
    clock.advance(1);
    expect(await tryGuarded(authorization, "123456")).toEqual(refused);
  });

  test.each([
    "post /transfers",
    `post ${TOTP}/setup`,
    `post ${TOTP}/backup-codes/regenerate`,
    `delete ${TOTP}/delete`,
  ])("%s needs a fresh code besides the token", async (route) => {
    const { confirmed, usedCode, fresh } = await enroll();
    const authorization = `Bearer ${confirmed.access_token}`;
    expect((await ask(route, authorization)).status).toBe(403);
    expect((await ask(route, authorization, usedCode)).status).toBe(403);
    expect((await ask(route, authorization, fresh())).status).toBe(200);
  });

  test("the password is enough again once TOTP is off", async () => {
    const { token, fresh } = await enroll();
    const sessionId = await waitForCode();
    expect((await ask(`delete ${TOTP}/delete`, `Bearer ${token}`, fresh())).status).toBe(200);
    clock.advance(30);
    expect((await giveCode(sessionId, fresh())).status).toBe(401);
    expect(jwt.decode(await signIn())).toMatchObject({ amr: ["pwd"] });
  });

  test("no cache keeps a token", async () => {
    expect((await login()).headers["cache-control"]).toBe("no-store");
  });

  test("all of this is so on Express 4, too", async () => {
    app = examplesOnExpress4.createJwtApp();
    const { usedCode, fresh } = await enroll();
    const sessionId = await waitForCode();
    expect(await tryGuarded(`Bearer ${sessionId}`, fresh())).toEqual(refused);
    expect((await giveCode(sessionId, usedCode)).status).toBe(401);
    const { body } = await giveCode(sessionId, fresh());
    const authorization = `Bearer ${body.access_token}`;
    expect((await ask("get /payouts", authorization)).status).toBe(200);
    clock.advance(30);
    expect((await ask(`delete ${TOTP}/delete`, authorization)).status).toBe(403);
    expect((await ask(`delete ${TOTP}/delete`, authorization, fresh())).status).toBe(200);
    await signIn();
  });
});

/** The same claims, signed by nobody, by somebody else, or not at all. */
function forgeriesOf(token: string): string[] {
  const claims = jwt.decode(token) as jwt.JwtPayload;
  const [header, payload, signature] = token.split(".");
  const longer = Buffer.from(JSON.stringify({ ...claims, exp: Number(claims.exp) + 60 }));
  return [
    jwt.sign(claims, "", { algorithm: "none" }),
    jwt.sign(claims, Buffer.alloc(32), { algorithm: "HS256" }),
    jwt.sign(claims, Buffer.alloc(64), { algorithm: "HS512" }),
    `${header}.${longer.toString("base64url")}.${signature}`,
    `${header}.${payload}.`,
    `${header}.bm8ganNvbg.${signature}`, // no JSON
    "a.b.c",
  ];
}
