// An error for a wrong option says what the option must be.
import { sessionFreshness } from "express-totp-setup";
import { expectationsOf } from "../helpers/expectations.js";
import { OPTION_TABLES } from "../helpers/option-tables.js";

const PATH = 'a path such as "/users/:id/totp", with no wildcards or groups';
const SERVICE = "the return value of createTotpService";
const FRESHNESS = "the return value of sessionFreshness";
const BOOLEAN = "true or false";

const SHARED = {
  authenticate: "a function (apiKey, req) => user or null",
  getUser: "a function (req) => user or null",
  apiKeyHeader: 'the name of an HTTP header, such as "X-API-Key"',
  trustedOrigins: 'an array of origins as browsers send them, such as ["https://app.example"]',
  errorHandler: "a function (error, req, res, next) => void",
  onError: "a function (error, req) => void",
  eventContext: "a function (req) => context",
};

test.each<[string, Record<string, string>]>([
  [
    "TotpRouterOptions",
    {
      ...SHARED,
      totp: SERVICE,
      authorizeSetup: 'a function (user, req) => boolean, or "any-session"',
      mustEnroll: "a function (user, req) => boolean",
      freshness: FRESHNESS,
      issueTokens: "a function (request) => tokens",
      resolveLoginSession: "a function (sessionId, req) => user or null",
      stepUp: '"required" or "off"',
      basePath: PATH,
      loginPath: PATH,
      deviceCookie: BOOLEAN,
      otpauthUri: BOOLEAN,
    },
  ],
  [
    "RequireTotpOptions",
    {
      ...SHARED,
      totp: SERVICE,
      freshness: FRESHNESS,
      getCode: "a function (req) => code",
      whenNotEnabled: '"refuse", "allow", or a function (user, req) => one of them',
    },
  ],
  [
    "SessionFreshnessOptions",
    {
      maxAgeSeconds: "an integer from 1 to 86400",
      get: "a function (req) => value",
      set: "a function (req, value) => void",
    },
  ],
  ["RememberCodeOptions", { totp: SERVICE, freshness: FRESHNESS }],
  [
    "TotpSetupOptions",
    {
      ...SHARED,
      savePendingSecret: "a function (userId, secret, details) => void",
      issuer: "a non-blank string without ':' or control characters",
      accountName: "a function (user) => string",
      path: PATH,
      otpauthUri: BOOLEAN,
      algorithm: '"SHA1" or "SHA256" or "SHA512"',
      digits: "6 or 8",
      period: "an integer from 15 to 300",
      qrCode: '"png", "svg", "uri", an object of rendering options, or a function',
      secretBytes: "an integer from 16 to 64",
      pendingSeconds: "an integer from 1 to 86400",
      timeoutMs: "an integer from 1 to 3600000",
      now: "a function () => number | Date",
      onEvent: "a function (event) => void",
    },
  ],
])("%s", (name, expected) => {
  expect(expectationsOf(OPTION_TABLES[name] ?? {})).toEqual(expected);
});

test("an interval says its unit", () => {
  expect(() => sessionFreshness({ maxAgeSeconds: 300_000 })).toThrow("It is in seconds.");
});
