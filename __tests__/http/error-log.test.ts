// What the default `onError` prints holds no secret, whatever the app's error quotes.
import type { Request } from "express";
import request from "supertest";
import { errorLogger, redact } from "../../lib/http/log-error.js";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import {
  createServiceApp,
  enrollDirectly,
  keyOf,
  PATHS,
  type ServiceAppOptions,
  sessionOf,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const GONE = "[redacted]";

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  /** Logs what a callback throws, with what it could know of its request. */
  async function logOf(message: (req: Request) => string, sent: object = {}, more: object = {}) {
    const stderr = jest.spyOn(console, "error").mockReturnValue();
    const issueTokens = ({ req }: { req: Request }) => {
      throw new Error(message(req));
    };
    const options: ServiceAppOptions = {
      router: { onError: undefined, issueTokens, ...more },
      before: (app) =>
        app.use((req, _res, next) => {
          Object.assign(req, { sessionID: "9f2c7b1d" });
          next();
        }),
    };
    const made = createServiceApp(version, options);
    const { fresh } = await enrollDirectly(made);
    const code = fresh();
    const body = { session_id: sessionOf("ada"), code, password: "hunter2!", ...sent };
    await request(made.app)
      .post(PATHS.login)
      .set({
        "X-API-Key": keyOf("ada"),
        "X-TOTP-Code": "987654",
        Authorization: "Token s3cr3t-t0ken",
        Cookie: "connect.sid=s%3A4f9d.Qk%2Bz; theme=night-owl",
      })
      .send(body);
    const log = stderr.mock.calls.map((call) => call.join(" ")).join("\n");
    stderr.mockRestore();
    return { log, code };
  }

  test.each<[string, (req: Request) => string]>([
    ["the API key", (req) => String(req.get("X-API-Key"))],
    ["the code in the header", (req) => String(req.get("X-TOTP-Code"))],
    ["the code in the body", (req) => req.body.code],
    ["the session id in the body", (req) => req.body.session_id],
    ["another field of the body", (req) => req.body.password],
    ["the session's own id", (req) => (req as unknown as { sessionID: string }).sessionID],
    ["Authorization", (req) => String(req.headers.authorization)],
    ["the token in it", () => "s3cr3t-t0ken"],
    ["the cookies", (req) => String(req.headers.cookie)],
    ["one of them", () => "s%3A4f9d.Qk%2Bz"],
    ["one of them, decoded", () => "s:4f9d.Qk+z"],
  ])("%s is blacked out, however often it is quoted", async (_, quote) => {
    let quoted = "";
    const { log } = await logOf((req) => {
      quoted = quote(req);
      return `(${quoted}) is not (${quoted}) in "${quoted}"`;
    });
    expect(quoted.length).toBeGreaterThan(5);
    expect(log).not.toContain(quoted);
    expect(log).toContain(`express-totp-setup: Error: (${GONE}) is not (${GONE}) in "${GONE}"\n`);
  });

  test("the stack trace stays readable", async () => {
    const { log } = await logOf(() => "down");
    expect(log).toMatch(/^express-totp-setup: Error: down\n {4}at /);
    expect(log).toContain("error-log.test.ts");
    expect(log).toContain("handle-login.ts");
    expect(log).toContain("issueTokens");
    expect(log).not.toContain(GONE);
  });

  test("an error without a stack trace is shown by its message", async () => {
    const issueTokens = () => {
      throw Object.assign(new Error("down"), { stack: undefined });
    };
    const { log } = await logOf(String, {}, { issueTokens });
    expect(log).toBe("express-totp-setup: down");
  });

  test("an API key in another header is blacked out too", async () => {
    const stderr = jest.spyOn(console, "error").mockReturnValue();
    const apiKeyHeader = "X-Token";
    const authenticate = (key: string) => {
      throw new Error(`no row for ${key}`);
    };
    const router = { apiKeyHeader, authenticate, onError: undefined };
    const { app } = createServiceApp(version, { router });
    await request(app).get(PATHS.status).set("X-Token", "abc-123-def").expect(500);
    expect(stderr.mock.calls.join()).toContain(`Error: no row for ${GONE}\n`);
    stderr.mockRestore();
  });

  test("onError of an app replaces the log", async () => {
    const { log } = await logOf(() => "down", {}, { onError: () => {} });
    expect(log).toBe("");
  });
});

describe("without the request, a text loses", () => {
  const SECRET = "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N";
  const mixed = [...SECRET].map((c, i) => (i % 2 ? c.toLowerCase() : c)).join("");
  const grouped = (size: number, by: string) =>
    (SECRET.match(new RegExp(`.{1,${size}}`, "g")) ?? []).join(by);

  test.each([
    ["base32", SECRET],
    ["base32 of 16 characters", SECRET.slice(0, 16)],
    ["base32 in lower case", SECRET.toLowerCase()],
    ["base32 in mixed case", mixed],
    ["base32 without a digit", "ABCDEFGHIJKLMNOP"],
    ["base32 in fours", grouped(4, " ")],
    ["base32 in fours, with hyphens", grouped(4, "-")],
    ["base32 in eights", grouped(8, " ")],
    ["base32 in fours, in lower case", grouped(4, " ").toLowerCase()],
    ["a bearer token", "Bearer eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"],
    ["a bearer token in another case", "bearer 0123abcd_~+/="],
  ])("%s", (_, secret) => {
    for (const [before, after] of [
      ["secret=", "&issuer=Acme"],
      ['{"secret":"', '"}'],
      ["(", ")"],
      ["'", "'"],
    ]) {
      const shown = redact(`row ${before}${secret}${after} refused`, []);
      expect(shown).not.toContain(secret.slice(-6));
      // A token ends at white space or a quote, and may hold any other character.
      const expected = /^bearer/i.test(secret)
        ? `row ${before}Bearer ${GONE}`
        : `row ${before}${GONE}${after} refused`;
      expect(shown.startsWith(expected)).toBe(true);
      expect(shown.endsWith(" refused")).toBe(true);
    }
  });

  test("control characters, which could forge a line or color it", () => {
    const text = redact("a\r\x1b[31mb\0c\td\x7fe\x85f\x9b31mg\nh", []);
    expect(text.split("\n")).toEqual([
      String.raw`a\r\u001b[31mb\u0000c\td\u007fe\u0085f\u009b31mg`,
      "h",
    ]);
  });

  test.each([
    "at Object.<anonymous> (/srv/app/node_modules/express/lib/router/layer.js:95:5)",
    "at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
    "at AuthenticationController.handleAuthenticatedRequest (/srv/app/AuthenticationController.js:1:1)",
    "TypeError: Cannot read properties of undefined (reading 'authenticatedAt')",
    'duplicate key value violates unique constraint "users_email_key"',
    "connect ECONNREFUSED 127.0.0.1:5432",
  ])("nothing that it needs: %s", (line) => {
    expect(redact(line, [])).toBe(line);
  });

  test("the longest value first, as one may be a part of another", () => {
    expect(redact("key abcdef-ghijkl", ["abcdef", "abcdef-ghijkl"])).toBe(`key ${GONE}`);
  });

  test("no value that is shorter than a code, as it stands everywhere", () => {
    expect(redact("at a line", ["a", "at", "line"])).toBe("at a line");
  });
});

test.each<[string, object, string]>([
  ["a body that is a text", { body: "hunter2!" }, "hunter2!"],
  [
    "a body of null, beside a key",
    { headers: { "x-api-key": "hunter2!" }, body: null },
    "hunter2!",
  ],
  ["a token after two spaces", { headers: { authorization: "Token  hunter2!" } }, "hunter2!"],
  ["a token of two words", { headers: { authorization: "Token a hunter2!" } }, "a hunter2!"],
  ["cookies without a space between them", { headers: { cookie: "a=1;b=hunter2!" } }, "hunter2!"],
  ["cookies with two spaces", { headers: { cookie: "a=1;  b=hunter2!" } }, "hunter2!"],
])("%s is blacked out, whatever an adapter makes of a request", (_, parts, secret) => {
  const stderr = jest.spyOn(console, "error").mockReturnValue();
  errorLogger("X-API-Key")(new Error(`(${secret})`), parts as Request);
  expect(String(stderr.mock.calls[0]?.[0])).toContain(`Error: (${GONE})\n`);
  stderr.mockRestore();
});

test("backup codes and tokens are blacked out, whoever sent them", () => {
  const token = `${"Xk3_-".repeat(8)}abc`;
  const text = `no row for 7M2Q-X0ZK-4TBH-9E1R, 7m2q-x0zk-4tbh-9e1r and ${token}.`;
  expect(redact(text, [])).toBe(`no row for ${GONE}, ${GONE} and ${GONE}.`);
});
