// A callback of the pages that hangs, fails, or returns what it must not is named to onError, and nobody gets through.
import type { TotpPagesOptions } from "express-totp-setup/pages";
import { createPagesApp, type PagesApp } from "../helpers/pages-app.js";
import { PagesBrowser, signIn, turnOn } from "../helpers/pages-browser.js";
import { codeAt } from "../helpers/service.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const HANGS = () => new Promise<never>(() => {});
const BASE = "/two-factor";
const LOGIN = `${BASE}/login`;

interface Start {
  pages: Partial<TotpPagesOptions>;
  mustEnroll?: boolean;
}

/** A login that waits for its code, or for its setup. */
async function waiting({ pages, mustEnroll = false }: Start) {
  const made = createPagesApp({ pages, mustEnroll, service: { timeoutMs: 5 } });
  const fresh = mustEnroll ? undefined : (await turnOn(made)).fresh;
  const browser = new PagesBrowser(made);
  await browser.post("/sign-in/ada");
  return { made, browser, fresh: () => fresh?.() ?? "" };
}

const named = ({ errors }: PagesApp) =>
  errors.map((error) => {
    const { callback, code, expected } = error as Record<string, unknown>;
    return [callback, code, expected];
  });

test("getLoginSession hangs, or returns no text: nobody's login waits", async () => {
  const hanging = await waiting({ pages: { getLoginSession: HANGS } });
  expect((await hanging.browser.get(LOGIN)).status).toBe(503);
  expect(named(hanging.made)).toEqual([["getLoginSession", "CALLBACK_TIMEOUT", undefined]]);
  for (const sessionId of [undefined, null, 5, ["a"], {}]) {
    const { browser, made } = await waiting({
      pages: { getLoginSession: () => sessionId as unknown as string },
    });
    expect((await browser.get(LOGIN)).status).toBe(401);
    expect(made.errors).toEqual([]);
  }
});

test("findUser hangs, or returns another user: no secret is shown", async () => {
  for (const [findUser, status, error] of [
    [HANGS, 503, ["findUser", "CALLBACK_TIMEOUT", undefined]],
    [
      () => ({ id: "eve" }),
      500,
      [
        "findUser",
        "INVALID_CALLBACK_RESULT",
        "the user with the id that it was called with, or null",
      ],
    ],
  ] as const) {
    const { browser, made } = await waiting({ pages: { findUser }, mustEnroll: true });
    expect(await browser.post(`${LOGIN}/setup`)).toMatchObject({ status, key: "" });
    expect(named(made)).toEqual([error]);
  }
  const { browser } = await waiting({ pages: { findUser: () => null }, mustEnroll: true });
  expect((await browser.post(`${LOGIN}/setup`)).html).toContain("otpauth://totp/Acme:ada?");
});

test("onLogin returns no path of the app: the login stands, and goes on to the root", async () => {
  const expected = "the path of the next page, beginning with one slash";
  for (const path of [undefined, "https://evil.example", "//evil.example"]) {
    const { browser, made, fresh } = await waiting({ pages: { onLogin: () => path as string } });
    expect(await browser.post(LOGIN, { code: fresh() })).toMatchObject({ location: "/" });
    expect(named(made)).toEqual([["onLogin", "INVALID_CALLBACK_RESULT", expected]]);
    expect(made.errors[0]).toMatchObject({ got: expect.stringMatching(/./) });
  }
});

test("onLogin hangs: nobody is told that the login stands", async () => {
  const { browser, made, fresh } = await waiting({ pages: { onLogin: HANGS } });
  expect((await browser.post(LOGIN, { code: fresh() })).status).toBe(503);
  expect(named(made)).toEqual([["onLogin", "CALLBACK_TIMEOUT", undefined]]);
});

test("layout hangs, or returns no text: the error is the app's own to show", async () => {
  for (const [layout, status, error] of [
    [HANGS, 503, ["layout", "CALLBACK_TIMEOUT", undefined]],
    [
      () => undefined as unknown as string,
      599,
      ["layout", "INVALID_CALLBACK_RESULT", "the HTML of the page, a string"],
    ],
  ] as const) {
    const made = createPagesApp({ pages: { layout }, service: { timeoutMs: 5 } });
    const browser = await signIn(made);
    expect((await browser.get(BASE)).status).toBe(status);
    expect(named(made)[0]).toEqual(error);
  }
});

test("a hook hangs: the backup codes are shown, and it is reported", async () => {
  const options = { pages: { onEnabled: HANGS }, service: { timeoutMs: 5 } };
  const made = createPagesApp(options);
  const browser = await signIn(made);
  const { key } = await browser.post(`${BASE}/setup`);
  const fields = { key, code: codeAt(key, made.clock.time) };
  expect((await browser.post(`${BASE}/setup/confirm`, fields)).backupCodes).toHaveLength(3);
  expect(named(made)).toEqual([["onEnabled", "CALLBACK_TIMEOUT", undefined]]);
});

test("onDisabled hangs: TOTP is off, and it is reported", async () => {
  const options = { pages: { onDisabled: HANGS }, service: { timeoutMs: 5 } };
  const made = createPagesApp(options);
  const browser = await signIn(made);
  const { fresh } = await turnOn(made);
  expect((await browser.post(`${BASE}/turn-off`, { code: fresh() })).status).toBe(303);
  expect(await made.totp.status("ada")).toMatchObject({ isEnabled: false });
  expect(named(made)).toEqual([["onDisabled", "CALLBACK_TIMEOUT", undefined]]);
});

test("pages without hooks work", async () => {
  const without = { onEnabled: undefined, onDisabled: undefined };
  const made = createPagesApp({ pages: without });
  const browser = await signIn(made);
  const { key } = await browser.post(`${BASE}/setup`);
  const fields = { key, code: codeAt(key, made.clock.time) };
  expect((await browser.post(`${BASE}/setup/confirm`, fields)).backupCodes).toHaveLength(3);
  made.clock.advance(30);
  const code = codeAt(key, made.clock.time);
  expect((await browser.post(`${BASE}/turn-off`, { code })).status).toBe(303);
  expect(made.errors).toEqual([]);
});

test("every event of a page has the context of its request", async () => {
  const made = createPagesApp({
    mustEnroll: true,
    pages: { eventContext: (req) => `${req.method} ${req.path}` },
  });
  const browser = new PagesBrowser(made);
  await browser.post("/sign-in/ada");
  const code = (key: string) => codeAt(key, made.clock.time);
  const events = () => made.events.splice(0).map(({ type, context }) => `${type}: ${context}`);
  events();
  const { key } = await browser.post(`${LOGIN}/setup`);
  await browser.post(LOGIN, { key, code: code(key) });
  expect(events()).toEqual(["setup_started: POST /login/setup", "enabled: POST /login"]);
  made.clock.advance(30);
  await browser.post(`${BASE}/step-up`, { code: code(key) });
  expect(events()).toEqual(["verified: POST /step-up"]);
  const device = await made.totp.trustDevice("ada");
  if (!device.ok) throw new Error(device.reason);
  events();
  await browser.post(`${BASE}/devices`, { id: device.id });
  expect(events()).toEqual(["device_revoked: POST /devices"]);
  made.clock.advance(30);
  await browser.post(`${BASE}/backup-codes`, { code: code(key) });
  expect(events()).toEqual([
    "verified: POST /backup-codes",
    "backup_codes_regenerated: POST /backup-codes",
  ]);
  made.clock.advance(30);
  const moved = await browser.post(`${BASE}/setup`, { code: code(key) });
  expect(events()).toEqual(["verified: POST /setup", "setup_started: POST /setup"]);
  await browser.post(`${BASE}/setup/confirm`, { key: moved.key, code: code(moved.key) });
  expect(events()).toEqual(["enabled: POST /setup/confirm"]);
  made.clock.advance(30);
  await browser.post(`${BASE}/turn-off`, { code: code(moved.key) });
  expect(events()).toEqual(["verified: POST /turn-off", "disabled: POST /turn-off"]);
});
