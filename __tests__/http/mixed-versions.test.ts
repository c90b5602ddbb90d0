// A monorepo may hold both releases of Express, and the library then makes its routers by either of them.
import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { API_KEY, createSetupApp, SETUP_PATH } from "../helpers/setup-app.js";

const mixes = EXPRESS_VERSIONS.flatMap((app) =>
  EXPRESS_VERSIONS.filter(({ name }) => name !== app.name).map((router) => ({
    title: `an app on ${app.name} with routers of ${router.name}`,
    version: { ...router, express: app.express },
  })),
);

describe.each(mixes)("$title", ({ version: { express, ...library } }) => {
  test.each([
    ["no parser of its own", []],
    ["a parser of JSON", [express.json()]],
    ["parsers of JSON and forms", [express.json(), express.urlencoded({ extended: false })]],
  ])("and %s", async (_, parsers) => {
    const made = createServiceApp(
      { express, ...library },
      { before: (app) => parsers.map((parser) => app.use(parser)) },
    );
    const { app, clock, totp, errors, escaped } = made;
    const { fresh } = await enrollDirectly(made);
    const login = (code: string) =>
      send(app, PATHS.login, { body: { session_id: sessionOf("ada"), code } });
    expect((await login(fresh())).status).toBe(200);
    expect((await login(fresh())).status).toBe(401);
    clock.advance(30);
    expect((await send(app, PATHS.transfer, { code: fresh() })).status).toBe(201);
    await totp.disable("ada", { proof: library.lib.TRUSTED });

    const setup = await send(app, PATHS.setup);
    expect([setup.status, Object.keys(setup.body)]).toEqual([200, ["qr_code_url", "secret"]]);
    for (const body of [undefined, {}, { code: 123_456 }, [1]]) {
      expect((await send(app, PATHS.verify, { body })).status).toBe(400);
    }
    const large = { body: { code: "1".repeat(5000) } };
    expect((await send(app, PATHS.verify, large)).status).toBe(413);
    expect((await send(app, PATHS.status, { method: "PUT" })).status).toBe(405);
    expect((await send(app, PATHS.status, { as: "mallory" })).status).toBe(401);
    expect([errors, escaped]).toEqual([[], []]);
  });
});

test("a setup router of one works in an app on the other", async () => {
  for (const [router, app] of [
    [EXPRESS_VERSIONS[0], EXPRESS_VERSIONS[1]],
    [EXPRESS_VERSIONS[1], EXPRESS_VERSIONS[0]],
  ]) {
    if (!router || !app) throw new Error("two versions were expected");
    const mixed = createSetupApp({ ...app, lib: router.lib });
    await request(mixed.app).post(SETUP_PATH).set("X-API-Key", API_KEY).expect(200);
    await request(mixed.app).post(SETUP_PATH).set("X-API-Key", "unknown").expect(401);
    await request(mixed.app).get(SETUP_PATH).expect(405);
  }
});

test("the two versions are really two", () => {
  const [five, four] = EXPRESS_VERSIONS;
  // What Express 4 has and Express 5 has not: an app's `del`, and a router's `process_params`.
  expect([five, four].map((version) => "del" in Object(version?.express()))).toEqual([false, true]);
  expect(five?.lib.createTotpSetupRouter).not.toBe(four?.lib.createTotpSetupRouter);
  const routers = [five, four].map((version) =>
    version?.lib.createTotpSetupRouter({ authenticate: () => 1, savePendingSecret: () => {} }),
  );
  expect(routers.map((router) => "process_params" in Object(router))).toEqual([false, true]);
});
