import { inspect } from "node:util";
import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { API_KEY, createSetupApp, SETUP_PATH } from "../helpers/setup-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

type Save = (userId: unknown, secret: string, details: { otpauthUri: string }) => unknown;

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  /** Runs one setup, and gives back the secrets of it and all that others than the client were told. */
  async function runSetup(options: Record<string, unknown>) {
    const secrets: string[] = [];
    const save = (options.savePendingSecret ?? (() => {})) as Save;
    const stderr = jest.spyOn(console, "error").mockReturnValue();
    const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
    const setup = createSetupApp(version, {
      ...options,
      savePendingSecret: ((userId, secret, details) => {
        secrets.push(secret);
        return save(userId, secret, details);
      }) satisfies Save,
      qrCode:
        options.qrCode &&
        ((uri: string) => {
          secrets.push(/secret=(\w+)/.exec(uri)?.[1] ?? "");
          return (options.qrCode as (uri: string) => unknown)(uri);
        }),
    });
    const res = await request(setup.app).post(SETUP_PATH).set("X-API-Key", API_KEY);
    const log = stderr.mock.calls.map((call) => call.join(" ")).join("\n");
    const warnings = inspect(warn.mock.calls, { depth: 9 });
    stderr.mockRestore();
    warn.mockRestore();
    const told = [setup.errors, setup.events].map((each) => inspect(each, { depth: 9 }));
    return { res, secrets, log, told: [log, warnings, ...told].join("\n") };
  }

  const hang = () => new Promise(() => {});

  test.each<[string, Record<string, unknown>, number]>([
    ["a success", {}, 200],
    ["a rejected key", { authenticate: () => null }, 401],
    [
      "the key given back as the user's id, with a line break",
      { authenticate: (key: string) => `${key}\n` },
      500,
    ],
    ["the key given back in an array", { authenticate: (key: string) => [key] }, 500],
    ["the key given back in an object", { authenticate: (key: string) => ({ id: { key } }) }, 500],
    ["the store hanging", { savePendingSecret: hang, timeoutMs: 5 }, 503],
    ["the renderer hanging", { qrCode: hang, timeoutMs: 5 }, 503],
    ["the renderer giving the URI in an array", { qrCode: (uri: string) => [uri] }, 500],
    ["the renderer giving the URI in an object", { qrCode: (uri: string) => ({ uri }) }, 500],
    ["names that are too long", { issuer: "x".repeat(3000) }, 500],
    ["an event hook that fails", { onEvent: async () => Promise.reject(new Error("down")) }, 200],
  ])(
    "neither secret nor API key is in any error, event, warning or log: %s",
    async (_, options, status) => {
      const { res, secrets, told } = await runSetup(options);
      expect(res.status).toBe(status);
      expect(told).not.toContain(API_KEY);
      expect(told).not.toMatch(/[A-Z2-7]{26,}/);
      for (const secret of secrets) expect(told).not.toContain(secret);
      if (status !== 200) {
        expect(res.text).not.toMatch(/[A-Z2-7]{26,}/);
        expect(res.text).not.toContain(API_KEY);
      }
    },
  );

  describe("the default onError", () => {
    const failAfterSave =
      (message: (secret: string, uri: string) => string): Save =>
      async (_, secret, { otpauthUri }) => {
        throw new Error(message(secret, otpauthUri));
      };

    test("logs the failure of the store without the secret and the API key that it quotes", async () => {
      const { res, secrets, log } = await runSetup({
        onError: undefined,
        savePendingSecret: failAfterSave(
          (secret, uri) => `INSERT ('${secret}', '${uri}') for ${API_KEY} failed: disk full`,
        ),
      });
      expect(res.text).toBe('{"code":500,"error":"Internal Server Error"}');
      expect(secrets).toHaveLength(1);
      expect(log).not.toContain(secrets[0]);
      expect(log).not.toContain(API_KEY);
      expect(log).toMatch(
        /^express-totp-setup: Error: INSERT \('\[redacted\]', 'otpauth:\/\/totp\/ada\?secret=\[redacted\]'\) for \[redacted\] failed: disk full\n +at /,
      );
    });

    test.each([16, 20, 64])("blacks out secrets of %i bytes", async (secretBytes) => {
      const { secrets, log } = await runSetup({
        onError: undefined,
        secretBytes,
        savePendingSecret: failAfterSave((secret) => `row (${secret}) refused`),
      });
      expect(log).toContain("row ([redacted]) refused");
      expect(log).not.toContain(String(secrets[0]).slice(0, 10));
    });

    test.each<[string, unknown, string]>([
      ["a string", "the secret plan", "express-totp-setup: thrown: a string of 15 characters"],
      ["undefined", undefined, "express-totp-setup: thrown: undefined"],
      ["an object", { secret: "x" }, "express-totp-setup: thrown: an object with the keys secret"],
    ])("names the kind of what was thrown where it is %s", async (_, thrown, line) => {
      const { log } = await runSetup({
        onError: undefined,
        savePendingSecret: () => Promise.reject(thrown),
      });
      expect(log).toBe(line);
    });

    test("logs an error of Node itself with its message", async () => {
      const { log } = await runSetup({
        onError: undefined,
        authenticate: () => require("node:fs").readFileSync("/does/not/exist"),
      });
      expect(log).toContain("ENOENT: no such file or directory");
    });

    test("is silent about what clients do wrong", async () => {
      const { res, log } = await runSetup({ onError: undefined, authenticate: () => null });
      expect([res.status, log]).toEqual([401, ""]);
    });
  });
});
