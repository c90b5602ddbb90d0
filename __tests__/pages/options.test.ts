import type { Request } from "express";
import express from "express";
import { createTotpPages, type TotpPagesOptions } from "express-totp-setup/pages";
import request from "supertest";
import { PAGES_OPTIONS } from "../../lib/pages/options.js";
import { expectationsOf } from "../helpers/expectations.js";
import { createRig } from "../helpers/service.js";
import { thrownBy } from "../helpers/thrown-by.js";

const { totp } = createRig();
const RIGHT = { totp, getUser: (_req: Request) => "ada", authorizeSetup: "any-session" as const };

test.each([
  ["totp", { totp: undefined }, "MISSING_OPTION"],
  ["getUser", { getUser: undefined }, "MISSING_OPTION"],
  ["getUser", { getUser: "ada" }, "INVALID_OPTION"],
  ["authorizeSetup", { authorizeSetup: undefined }, "MISSING_OPTION"],
  ["authorizeSetup", { authorizeSetup: true }, "INVALID_OPTION"],
  ["authenticate", { authenticate: () => "ada" }, "UNKNOWN_OPTION"],
  ["apiKeyHeader", { apiKeyHeader: "X-Key" }, "UNKNOWN_OPTION"],
  ["onLogin", { getLoginSession: () => "" }, "MISSING_OPTION"],
  ["signInPath", { signInPath: "//evil.example" }, "INVALID_OPTION"],
  ["signInPath", { signInPath: "https://acme.example/sign-in" }, "INVALID_OPTION"],
  ["freshness", { freshness: {} }, "INVALID_OPTION"],
  ["layout", { layout: "layout.ejs" }, "INVALID_OPTION"],
  ["texts", { texts: "de" }, "INVALID_OPTION"],
  ["texts", { texts: null }, "INVALID_OPTION"],
  ["texts.titel", { texts: { titel: "x" } }, "UNKNOWN_OPTION"],
  ["findUser", { findUser: null }, "INVALID_OPTION"],
])("%s: %j is a %s", (option, change, code) => {
  const options = { ...RIGHT, ...change } as unknown as TotpPagesOptions;
  expect(() => createTotpPages(options)).toThrow(expect.objectContaining({ code, option }));
});

test("an error for a wrong option says what the option must be", () => {
  expect(expectationsOf(PAGES_OPTIONS)).toEqual({
    totp: "the return value of createTotpService",
    getUser: "a function (req) => user or null",
    trustedOrigins: 'an array of origins as browsers send them, such as ["https://app.example"]',
    errorHandler: "a function (error, req, res, next) => void",
    onError: "a function (error, req) => void",
    eventContext: "a function (req) => context",
    authorizeSetup: 'a function (user, req) => boolean, or "any-session"',
    mustEnroll: "a function (user, req) => boolean",
    signInPath: 'a path of the app, such as "/sign-in"',
    getLoginSession: "a function (req) => session id",
    findUser: "a function (userId) => user or null",
    onLogin: "a function ({ userId, method, req, res }) => path",
    onEnabled: "a function ({ userId, req, res }) => void",
    onDisabled: "a function ({ userId, req, res }) => void",
    freshness: "the return value of sessionFreshness",
    layout: "a function ({ title, head, body }) => html",
    texts: "an object of texts, or a function (req) => texts",
  });
});

test("options that are none name the factory, and getLoginSession what it requires", () => {
  const thrown = (options: unknown) => thrownBy(() => createTotpPages(options as never));
  expect(thrown(undefined)).toMatchObject({ option: "createTotpPages" });
  expect(thrown({ ...RIGHT, getLoginSession: () => "" })).toMatchObject({
    option: "onLogin",
    expected: "a function ({ userId, method, req, res }) => path",
  });
});

test("a factory that is mounted without being called says how", async () => {
  const app = express().use("/two-factor", createTotpPages as never);
  const res = await request(app).get("/two-factor").expect(500);
  expect(res.text).toContain("createTotpPages: expected to be called with options, got a request");
  expect(res.text).toContain("app.use(&quot;/two-factor&quot;, createTotpPages({ totp, getUser");
});

test("the login and the step-up are there only with what they need", async () => {
  const app = express().use("/two-factor", createTotpPages(RIGHT));
  await request(app).get("/two-factor").expect(200);
  for (const path of ["login", "login/setup", "step-up"]) {
    await request(app).get(`/two-factor/${path}`).expect(404);
  }
});

test("another method is a 405 that names the right ones", async () => {
  const app = express().use("/two-factor", createTotpPages(RIGHT));
  const res = await request(app).delete("/two-factor/setup").expect(405);
  expect(res.headers).toMatchObject({ allow: "GET, POST, HEAD", "x-frame-options": "DENY" });
});

test("the app's own user goes on to what it gives", () => {
  const row = { id: 7, email: "ada@example.com" };
  const { totp: ofRows } = createRig();
  createTotpPages({
    totp: ofRows,
    getUser: async () => row,
    authorizeSetup: (user) => user.email !== "",
    findUser: (id: number) => (id === 7 ? row : null),
    getLoginSession: () => null,
    onLogin: ({ userId }) => `/${userId.toFixed()}`,
    // @ts-expect-error: an id is a number here
    onEnabled: ({ userId }) => userId.trim(),
  });
});
