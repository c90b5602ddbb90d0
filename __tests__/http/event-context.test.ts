// Events say who did something, and what the app wants to know of the request.
import type { Request } from "express";
import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { codeAt } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  type ServiceApp,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { API_KEY, createSetupApp, SETUP_PATH } from "../helpers/setup-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const FRESHNESS = { maxAgeSeconds: 60, get: () => undefined, set: () => {} };
const eventContext = ({ method, path }: Request) => `${method} ${path}`;

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  const shownOf = ({ events }: ServiceApp) =>
    events.splice(0).map(({ type, by, context }) => [type, by, context]);

  test("every route gives its context to its events", async () => {
    const freshness = version.lib.sessionFreshness(FRESHNESS);
    const made = createServiceApp(version, {
      router: { eventContext, freshness },
      guard: { eventContext },
    });
    const { app, clock } = made;
    const { secret } = (await send(app, PATHS.setup)).body;
    const show = () => codeAt(secret, clock.time);
    expect(shownOf(made)).toEqual([["setup_started", "user", `POST ${PATHS.setup}`]]);
    await send(app, PATHS.verify, { body: { code: show() } });
    expect(shownOf(made)).toEqual([["enabled", "user", `POST ${PATHS.verify}`]]);

    for (const [path, type] of [
      [PATHS.login, "verified"],
      [PATHS.stepUp, "verified"],
      [PATHS.transfer, "verified"],
      [PATHS.regenerate, "backup_codes_regenerated"],
      [PATHS.setup, "setup_started"],
      [PATHS.delete, "disabled"],
    ] as const) {
      clock.advance(30);
      const body = { session_id: sessionOf("ada"), code: show() };
      const takesBody = path === PATHS.login || path === PATHS.stepUp;
      await send(app, path, takesBody ? { body } : { code: show() });
      const events = shownOf(made);
      const context = `${path === PATHS.delete ? "DELETE" : "POST"} ${path}`;
      expect(events).toContainEqual([type, "user", context]);
      expect(new Set(events.map((event) => event[2]))).toEqual(new Set([context]));
    }
  });

  test("devices give theirs too", async () => {
    const made = createServiceApp(version, { router: { eventContext } });
    const { fresh } = await enrollDirectly(made);
    const body = { session_id: sessionOf("ada"), code: fresh(), trust_device: true };
    expect((await send(made.app, PATHS.login, { body })).status).toBe(200);
    const context = `POST ${PATHS.login}`;
    expect(shownOf(made)).toEqual([
      ["verified", "user", context],
      ["device_trusted", "user", context],
    ]);
    const [device] = await made.totp.listDevices("ada");
    const path = `${PATHS.devices}/${device?.id}`;
    await send(made.app, path, { method: "delete" });
    expect(shownOf(made)).toEqual([["device_revoked", "user", `DELETE ${path}`]]);
  });

  test("a change that the app vouches for is by trusted code", async () => {
    const made = createServiceApp(version, { router: { stepUp: "off", eventContext } });
    await enrollDirectly(made);
    await send(made.app, PATHS.regenerate);
    const event = ["backup_codes_regenerated", "trusted", `POST ${PATHS.regenerate}`];
    expect(shownOf(made)).toEqual([event]);
  });

  test("whoever could not be identified is an event of the router, and of the guard", async () => {
    const made = createServiceApp(version, { router: { eventContext }, guard: { eventContext } });
    for (const path of [PATHS.status, PATHS.setup, PATHS.transfer]) {
      await send(made.app, path, { as: "nobody" });
      const context = `${path === PATHS.status ? "GET" : "POST"} ${path}`;
      const at = new Date(made.clock.time);
      expect(made.events.splice(0)).toEqual([{ type: "unauthenticated", by: "user", at, context }]);
    }
    // A request that another site may have sent is not somebody's who could not sign in.
    const byUser = { authenticate: undefined, getUser: () => null, authorizeSetup: () => true };
    const other = createServiceApp(version, { router: byUser });
    await send(other.app, PATHS.setup, { headers: { "Sec-Fetch-Site": "cross-site" } });
    expect(other.events).toEqual([]);
    await send(other.app, PATHS.setup);
    expect(other.events).toMatchObject([{ type: "unauthenticated" }]);
  });

  test("without onEvent, nobody is told, and nothing is warned of", async () => {
    const emitWarning = jest.spyOn(process, "emitWarning");
    const made = createServiceApp(version, { service: { onEvent: undefined } });
    expect((await send(made.app, PATHS.status, { as: "nobody" })).status).toBe(401);
    expect(emitWarning).not.toHaveBeenCalled();
    emitWarning.mockRestore();
  });

  test("the setup route gives its context too", async () => {
    const { app, events } = createSetupApp(version, { eventContext, now: () => 59_000 });
    await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
    await request(app).post(SETUP_PATH).set("X-API-Key", "unknown");
    const circumstances = { by: "user", at: new Date(59_000), context: `POST ${SETUP_PATH}` };
    expect(events).toEqual([
      { type: "setup_started", userId: "ada", expiresAt: new Date(659_000), ...circumstances },
      { type: "unauthenticated", ...circumstances },
    ]);
  });

  test.each<[string, () => unknown]>([
    ["nothing", () => undefined],
    [
      "an error that is thrown",
      () => {
        throw new Error("no address");
      },
    ],
  ])("%s as context leaves it out, and changes no response", async (name, give) => {
    const reports = name === "nothing" ? [] : [new Error("no address")];
    const made = createServiceApp(version, {
      router: { eventContext: give },
      guard: { eventContext: give },
    });
    expect((await send(made.app, PATHS.setup)).status).toBe(200);
    expect((await send(made.app, PATHS.transfer, { as: "nobody" })).status).toBe(401);
    expect(made.events.map(({ type }) => type)).toEqual(["setup_started", "unauthenticated"]);
    for (const event of made.events) expect(event).not.toHaveProperty("context");
    expect(made.errors).toEqual([...reports, ...reports]);

    const setup = createSetupApp(version, { eventContext: give });
    await request(setup.app).post(SETUP_PATH).set("X-API-Key", API_KEY).expect(200);
    expect(setup.events).toHaveLength(1);
    expect(setup.events[0]).not.toHaveProperty("context");
    expect(setup.errors).toEqual(reports);
  });

  test.each<[string, () => Promise<unknown>, unknown[]]>([
    ["resolves", async () => "192.0.2.1", []],
    ["rejects", () => Promise.reject(new Error("for key")), [new Error("for key")]],
  ])("a promise that %s as context is left out, and reported", async (_, give, more) => {
    const made = createServiceApp(version, { router: { eventContext: give } });
    expect((await send(made.app, PATHS.setup)).status).toBe(200);
    expect(made.events.map(({ type }) => type)).toEqual(["setup_started"]);
    // The event of an error that quotes the request would have it inside.
    expect(made.events[0]).not.toHaveProperty("context");
    const promise = {
      message: expect.stringMatching(
        /^eventContext: expected a value, not a promise, got a promise\./,
      ),
    };
    expect(made.errors).toMatchObject([promise, ...more]);
  });

  test("a clock that breaks changes no 401, of the router and of the guard", async () => {
    const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
    const made = createServiceApp(version, { service: { now: () => Number.NaN } });
    for (const path of [PATHS.status, PATHS.transfer]) {
      expect((await send(made.app, path, { as: "nobody" })).status).toBe(401);
    }
    expect(made.events).toEqual([]);
    warn.mockRestore();
  });
});
