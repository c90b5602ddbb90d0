import request from "supertest";
import { createDeferred, settle } from "../helpers/deferred.js";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { API_KEY, createSetupApp, SETUP_PATH, type SetupApp } from "../helpers/setup-app.js";
import { watchTimers } from "../helpers/timers.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const CALLBACKS = ["authenticate", "issuer", "accountName", "savePendingSecret", "qrCode"] as const;
const BARE_503 = '{"code":503,"error":"Service Unavailable"}';

function setUp({ app }: SetupApp) {
  return request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
}

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  describe.each(CALLBACKS)("%s", (callback) => {
    test("gets a 503 for the client when it never answers, and is named to onError", async () => {
      const hanging = { [callback]: () => new Promise(() => {}) };
      const setup = createSetupApp(version, { ...hanging, timeoutMs: 10 });
      const res = await setUp(setup);
      expect([res.status, res.text]).toEqual([503, BARE_503]);
      expect(res.get("Cache-Control")).toBe("no-store");
      expect(setup.errors).toMatchObject([
        { name: "TotpTimeoutError", code: "CALLBACK_TIMEOUT", callback, timeoutMs: 10 },
      ]);
      expect(setup.errors[0]).toBeInstanceOf(version.lib.TotpTimeoutError);
      expect(setup.events).toEqual([]);
      if (callback !== "qrCode") expect(setup.saved).toEqual([]);
    });

    test.each(["resolves", "rejects"])("is no longer heard when it %s too late", async (how) => {
      const late = createDeferred<string>();
      const setup = createSetupApp(version, { [callback]: () => late.promise, timeoutMs: 10 });
      const savedBefore = () => setup.saved.length;
      const res = await setUp(setup);
      const saved = savedBefore();
      if (how === "resolves") late.resolve("ada");
      else late.reject(new Error("too late"));
      await settle();
      expect(res.status).toBe(503);
      expect(setup.saved).toHaveLength(saved);
      expect(setup.events).toEqual([]);
      expect(setup.errors).toHaveLength(1);
    });
  });

  test("after the answers no timer is left, though they may take an hour", async () => {
    const slow = async <T>(value: T) => value;
    const setup = createSetupApp(version, {
      authenticate: (key: string) => slow(key === API_KEY ? "ada" : null),
      issuer: () => slow("Acme"),
      accountName: () => slow("ada"),
      savePendingSecret: () => slow(undefined),
      qrCode: () => slow("https://qr.example/"),
      timeoutMs: 3_600_000,
    });
    const timers = watchTimers(3_600_000);
    await setUp(setup).expect(200);
    await setUp(setup).set("X-API-Key", "unknown").expect(401);
    await settle();
    // Five callbacks for the one, and only `authenticate` for the other.
    expect([timers.started(), timers.running()]).toEqual([6, 0]);
    timers.stopWatching();
  });

  test("two callbacks that hang are one answer", async () => {
    const hang = () => new Promise(() => {});
    const setup = createSetupApp(version, {
      savePendingSecret: hang,
      qrCode: hang,
      timeoutMs: 10,
    });
    await setUp(setup).expect(503, BARE_503);
    await settle();
    expect(setup.errors).toHaveLength(1);
  });
});
