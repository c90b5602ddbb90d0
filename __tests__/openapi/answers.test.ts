// What validates the answers of the other tests finds what is wrong with one.
import { type Answer, createGuardCheck, createRouterCheck } from "../helpers/openapi-answers.js";

const BASE = "/auth/v1/users/current/totp";
const SETUP = { qr_code_url: "otpauth://totp/ada", secret: "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N" };
const ERROR = { code: 401, details: "Wrong", error: "Unauthorized" };
const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
};

const answer = (status: number, body: unknown, changes: Partial<Answer> = {}): Answer => ({
  method: "POST",
  path: `${BASE}/setup`,
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
  ...changes,
  headers: { ...HEADERS, ...changes.headers },
});
const error = (code: number, phrase: string, changes?: Partial<Answer>) =>
  answer(code, { code, error: phrase }, changes);

const LOCKED = answer(
  429,
  { code: 429, error: "Too Many Requests", reason: "locked", retry_after: 900 },
  { headers: { "retry-after": "900" } },
);
const skewed = (more: object) =>
  answer(
    422,
    { code: 422, error: "Unprocessable Entity", reason: "clock_skew", ...more },
    {
      path: `${BASE}/verify`,
    },
  );
const refused = (more: object) => answer(403, { code: 403, error: "Forbidden", ...more });
const busyWithoutWait = { code: 429, error: "Too Many Requests", reason: "busy" };
const NOT_ALLOWED = error(405, "Method Not Allowed", { method: "PUT", headers: { allow: "POST" } });
const DELETED: Partial<Answer> = {
  method: "DELETE",
  path: `${BASE}/devices/some-id`,
  headers: { "content-type": undefined },
};
const STATUS = { is_setup: false, backup_codes_remaining: 0 };
const LOGIN = { path: "/auth/v1/verify-totp" };
const TOKENS = { access_token: "token", own: 1 };

test.each([
  ["a success", answer(200, SETUP)],
  ["an error", answer(401, ERROR)],
  ["an error without details", error(500, "Internal Server Error")],
  ["a 429 that tells when to come again", LOCKED],
  ["a 405 that tells what is allowed", NOT_ALLOWED],
  ["a clock that is off", skewed({ offset_seconds: -90 })],
  ["a field that is missing, which has no reason", error(400, "Bad Request", LOGIN)],
  [
    "a 405 of what can be got",
    error(405, "Method Not Allowed", { path: `${BASE}/status`, headers: { allow: "GET, HEAD" } }),
  ],
  ["a HEAD of what can be got", answer(200, STATUS, { method: "HEAD", path: `${BASE}/status` })],
  ["no content", answer(204, "", DELETED)],
  ["another case and a slash", answer(401, ERROR, { path: `${BASE.toUpperCase()}/Setup/` })],
])("nothing is wrong with %s", (_, given) => {
  expect(createRouterCheck({})(given)).toEqual([]);
});

const EXTRA = "body  must NOT have additional properties";

test.each([
  ["a field too many", answer(200, { ...SETUP, token: "x" }), [EXTRA]],
  [
    "a field too few",
    answer(200, { secret: SETUP.secret }),
    [expect.stringContaining("qr_code_url")],
  ],
  [
    "a secret that is none",
    answer(200, { ...SETUP, secret: "a" }),
    [expect.stringContaining("/secret")],
  ],
  ["an error with a secret", answer(401, { ...ERROR, secret: "x" }), [EXTRA, EXTRA]],
  ["another code", answer(401, { ...ERROR, code: 403 }), ["code must be the status"]],
  ["another phrase", answer(401, { ...ERROR, error: "No" }), ["error must be the reason phrase"]],
  ["another status", error(418, "I'm a Teapot"), ["status is not documented"]],
  ["another path", answer(200, SETUP, { path: BASE }), ["path is not documented"]],
  [
    "another method",
    answer(401, ERROR, { method: "GET", headers: { allow: "POST" } }),
    ["method is not documented"],
  ],
  [
    "a 405 of the method",
    error(405, "Method Not Allowed", { headers: { allow: "POST" } }),
    ["405 to a method that is documented"],
  ],
  [
    "a 405 without Allow",
    { ...NOT_ALLOWED, headers: HEADERS },
    ["header Allow  must be string", "header Allow  must be equal to constant"],
  ],
  [
    "a 405 that allows what it does not",
    { ...NOT_ALLOWED, headers: { ...HEADERS, allow: "GET, HEAD" } },
    [expect.stringContaining("header Allow")],
  ],
  [
    "a method of every object",
    answer(200, SETUP, { method: "CONSTRUCTOR" }),
    expect.arrayContaining(["method is not documented"]),
  ],
  [
    "no Retry-After",
    { ...LOCKED, headers: HEADERS },
    [expect.stringContaining("header Retry-After"), "retry_after must be Retry-After"],
  ],
  [
    "a Retry-After in words",
    { ...LOCKED, headers: { ...HEADERS, "retry-after": "soon" } },
    [expect.stringContaining("header Retry-After"), "retry_after must be Retry-After"],
  ],
  [
    "a success to be cached",
    answer(200, SETUP, { headers: { "cache-control": "public" } }),
    [expect.stringContaining("header Cache-Control")],
  ],
  [
    "another type",
    answer(200, SETUP, { headers: { "content-type": "text/html" } }),
    ["header Content-Type"],
  ],
  ["no reason", refused({}), ["reason missing"]],
  [
    "a reason of another status",
    refused({ reason: "expired" }),
    [expect.stringContaining("/reason"), "reason is not documented"],
  ],
  [
    "a reason where there is none",
    answer(401, { ...ERROR, reason: "wrong_code" }),
    ["reason is not documented"],
  ],
  ["another order", refused({ reason: "wrong_code", details: "No" }), ["keys must be in order"]],
  [
    "a lock that does not say how long",
    answer(429, busyWithoutWait, { headers: { "retry-after": "1" } }),
    ["retry_after must be Retry-After"],
  ],
  ["a clock that is off by nobody knows how much", skewed({}), ["no offset_seconds"]],
  [
    "how far a clock is off, to whoever guesses",
    refused({ reason: "wrong_code", offset_seconds: 90 }),
    ["offset_seconds"],
  ],
  ["no JSON", answer(200, "{"), ["body is not JSON"]],
  ["content where there is none", answer(204, "{}", DELETED), ["body must be empty"]],
  [
    "a type of no content",
    { ...answer(204, "", DELETED), headers: HEADERS },
    ["header Content-Type"],
  ],
  ["a field of the app's own", answer(200, TOKENS, LOGIN), [EXTRA]],
])("is found: %s", (_, given, problems) => {
  expect(createRouterCheck({})(given)).toEqual(problems);
});

test("what the app chooses is excused where it is said, and nothing else", () => {
  const excused = (given: Answer, exceptions: Parameters<typeof createRouterCheck>[1]) =>
    createRouterCheck({}, exceptions)(given);
  const locked = error(423, "Locked");
  expect(excused(locked, { thrown: [423] })).toEqual([]);
  expect(excused(locked, { thrown: [402] })).toEqual(["status is not documented"]);
  expect(excused(answer(423, SETUP), { thrown: [423] })).not.toEqual([]);
  expect(excused(answer(418, "teapot"), { sent: [418] })).toEqual([]);
  expect(excused(answer(200, TOKENS, LOGIN), { ownFields: true })).toEqual([]);
  expect(excused(answer(200, { access_token: 5 }, LOGIN), { ownFields: true })).not.toEqual([]);
  expect(excused(answer(200, { ...SETUP, own: 1 }), { ownFields: true })).toEqual([EXTRA]);
});

test("a guard answers with errors, and only those that are documented", () => {
  const check = createGuardCheck();
  expect([LOCKED, refused({ reason: "not_enabled" })].flatMap(check)).toEqual([]);
  expect(check(error(403, "Forbidden"))).toEqual(["reason missing"]);
  expect(check(error(404, "Not Found"))).toEqual(["status is not documented"]);
  expect(check({ ...LOCKED, headers: HEADERS })).toEqual([
    "header Retry-After",
    "retry_after must be Retry-After",
  ]);
  expect(check(refused({ reason: "locked", secret: "x" }))).toEqual([EXTRA]);
});
