// Each answer that the document promises is one that the router gives. That it is as the document says is what
// the helper that makes the app sees to.
import { sessionFreshness } from "express-totp-setup";
import {
  createOpenApiDocument,
  type OpenApiOptions,
  type RouteName,
} from "express-totp-setup/openapi";
import type { Response } from "supertest";
import { OPERATIONS } from "../../lib/openapi/operations.js";
import { ROUTES as LIB_ROUTES } from "../../lib/routes/table.js";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { type Operations, reasonsOf } from "../helpers/openapi-document.js";
import { exchange, post, withServer } from "../helpers/servers.js";
import { codeAt, wrongCode, wrongCodes } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  keyOf,
  PATHS,
  type Sent,
  type ServiceApp,
  type ServiceAppOptions,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { API_KEY, createSetupApp } from "../helpers/setup-app.js";

const FRESHNESS = sessionFreshness({ maxAgeSeconds: 60, get: () => undefined, set: () => {} });
const ROUTES = Object.keys(OPERATIONS) as RouteName[];
const CHANGES: RouteName[] = ["setup", "delete", "regenerate"];
const TAKE_A_BODY: RouteName[] = ["verify", "stepUp", "login"];
const SESSION = { session_id: sessionOf("ada") };
const CROSS_SITE = { "Sec-Fetch-Site": "cross-site" };

/** All statuses and reasons of all operations, each as `post /path 409 expired`. */
function documented(options: OpenApiOptions = {}): string[] {
  const paths = Object.entries(createOpenApiDocument(options).paths);
  const responses = paths.flatMap(([path, operations]) =>
    Object.entries(operations as Operations).flatMap(([method, operation]) =>
      Object.entries(operation.responses).flatMap(([status, described]) => {
        const reasons = reasonsOf(described);
        // A field that is missing has no reason, nor has a path that cannot be decoded.
        const bare = reasons.length === 0 || status === "400";
        return [...(bare ? ["-"] : []), ...reasons].map((each) => [method, path, status, each]);
      }),
    ),
  );
  return responses.map((each) => each.join(" ")).sort();
}

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  const seen = new Set<string>();
  const note = (
    method: string,
    path: string,
    { status, body }: Pick<Response, "status" | "body">,
  ) => seen.add([method, path, status, body.reason ?? "-"].join(" "));
  beforeEach(() => seen.clear());

  const templateOf = (name: RouteName) => PATHS[name].replace("some-id", "{id}");
  const methodOf = (name: RouteName) => LIB_ROUTES[name].method.toLowerCase();

  async function ask({ app }: ServiceApp, name: RouteName, sent: Sent = {}): Promise<Response> {
    const answer = await send(app, PATHS[name], sent);
    note(methodOf(name), templateOf(name), answer);
    return answer;
  }

  async function askAll(made: ServiceApp, names: readonly RouteName[], sent?: Sent) {
    for (const name of names) await ask(made, name, sent);
  }

  const create = (options: ServiceAppOptions = {}) =>
    createServiceApp(version, { ...options, router: { freshness: FRESHNESS, ...options.router } });

  /** The 405 of a path is in the document of its operation, which another method gets. */
  async function askOtherwise({ app }: ServiceApp): Promise<void> {
    for (const name of ROUTES) {
      const answer = await send(app, PATHS[name], { method: "put" });
      note(methodOf(name), templateOf(name), answer);
    }
  }

  async function liveThrough(made: ServiceApp): Promise<void> {
    const { clock } = made;
    const body = { ...SESSION, code: "123456" };
    await askAll(made, ["status", "devices", "revokeDevice", "regenerate"]);
    await askAll(made, ["verify", "stepUp", "login"], { body });
    const { secret } = (await ask(made, "setup")).body;
    const show = () => ({ code: codeAt(secret, clock.time) });
    const wrong = { code: wrongCode(clock.time, secret) };
    await ask(made, "verify", { body: { code: "12345" } });
    await ask(made, "verify", { body: wrong });
    await ask(made, "verify", { body: { code: codeAt(secret, clock.time + 120_000) } });
    await ask(made, "verify", { body: show() });
    await ask(made, "verify", { body: show() });
    await askAll(made, CHANGES);
    await askAll(made, CHANGES, { code: "12345" });
    await askAll(made, TAKE_A_BODY, { body: { ...SESSION, code: "12345" } });
    clock.advance(30);
    await ask(made, "login", { body: { ...SESSION, ...show() } });
    clock.advance(30);
    await ask(made, "regenerate", show());
    clock.advance(30);
    await ask(made, "setup", show());
    clock.advance(30);
    await ask(made, "stepUp", { body: show() });
    await askAll(made, CHANGES, wrong);
    await askAll(made, ["stepUp", "login"], { body: { ...SESSION, ...wrong } });
    // Those were five, which lock.
    clock.advance(30);
    await askAll(made, CHANGES, show());
    await askAll(made, ["stepUp", "login"], { body: { ...SESSION, ...show() } });
    clock.advance(600);
    await ask(made, "verify", { body: show() });
    clock.advance(300);
    await ask(made, "delete", show());
  }

  /** A login that has to enroll can end in whatever a confirmation can. */
  async function enrollAtLogin(): Promise<void> {
    const made = create({ router: { resolveLoginSession: undefined } });
    const { totp, clock } = made;
    const login = await totp.beginLogin("ada", { mustEnroll: true });
    if (!login.ok || !login.isRequired) throw new Error("no login");
    const session_id = login.sessionId;
    const complete = (code: string) => ask(made, "login", { body: { session_id, code } });
    await complete("123456");
    const { secret } = (await ask(made, "setup")).body;
    await complete(codeAt(secret, clock.time + 120_000));
    for (const code of wrongCodes(9, clock.time, secret)) await complete(code);
    await complete(codeAt(secret, clock.time));
  }

  async function refuseByDecision(): Promise<void> {
    const made = create({ router: { authorizeSetup: () => false, mustEnroll: () => true } });
    await askAll(made, ["setup", "delete"]);
  }

  async function refuseOtherSites(): Promise<void> {
    const byUser = { authenticate: undefined, getUser: () => "ada", authorizeSetup: () => true };
    const made = create({ router: byUser });
    await askAll(made, ROUTES, { headers: CROSS_SITE });
  }

  async function sendSlowly(name: RouteName): Promise<void> {
    const { app } = create({ service: { timeoutMs: 5 } });
    const headers = [
      `X-API-Key: ${keyOf("ada")}`,
      "Content-Type: application/json",
      "Content-Length: 9",
    ];
    const answer = await withServer(app, (port) =>
      exchange(port, `${post(PATHS[name], headers)}{`),
    );
    note(methodOf(name), templateOf(name), {
      status: answer.status,
      body: JSON.parse(answer.body),
    });
  }

  async function crowdOut(): Promise<void> {
    const made = create();
    const { fresh } = await enrollDirectly(made);
    const device = await made.totp.trustDevice("ada");
    const { secret } = (await send(made.app, PATHS.setup, { as: "eve" })).body;
    made.clock.advance(30);
    made.store.compareAndSet = async () => false;
    await askAll(made, CHANGES, { code: fresh() });
    await askAll(made, ["stepUp", "login"], { body: { ...SESSION, code: fresh() } });
    await ask(made, "verify", { as: "eve", body: { code: codeAt(secret, made.clock.time) } });
    if (!device.ok) throw new Error("no device");
    const res = await send(made.app, `${PATHS.devices}/${device.id}`, { method: "delete" });
    note("delete", templateOf("revokeDevice"), res);
  }

  test("the routes give every documented answer, for each reason that there is", async () => {
    const made = create();
    const body = { session_id: "unknown", code: "123456" };
    await askAll(made, ROUTES, { as: "nobody", body });
    await askAll(made, TAKE_A_BODY, { body: {} });
    await askAll(made, TAKE_A_BODY, { body: { code: "1".repeat(5000) } });
    await ask(made, "revokeDevice");
    await askOtherwise(made);
    note(
      "delete",
      templateOf("revokeDevice"),
      await send(made.app, `${PATHS.devices}/%E0%A4%A`, { method: "delete" }),
    );
    await liveThrough(made);
    await enrollAtLogin();
    await refuseByDecision();
    await refuseOtherSites();
    await crowdOut();
    for (const name of TAKE_A_BODY) await sendSlowly(name);

    const call = { body: { ...SESSION, code: "123456" } };
    const failing = create();
    failing.store.get = () => Promise.reject(new Error("down"));
    await askAll(failing, ROUTES, call);
    const hanging = create({ service: { timeoutMs: 5 } });
    hanging.store.get = () => new Promise(() => {});
    await askAll(hanging, ROUTES, call);

    expect([...seen].sort()).toEqual(documented());
  }, 30_000);

  test("a path with parameters adds a 400 for one that cannot be decoded", async () => {
    const paths = { basePath: "/:tenant/totp", loginPath: "/:tenant/login" };
    const made = create({ router: paths });
    for (const [path, operations] of Object.entries(createOpenApiDocument(paths).paths)) {
      for (const method of Object.keys(operations)) {
        const undecodable = path.replace("{tenant}", "%E0%A4%A");
        note(method, path, await send(made.app, undecodable, { method }));
      }
    }
    expect([...seen].sort()).toEqual(documented(paths).filter((each) => each.endsWith(" 400 -")));
  });

  test("the setup route alone gives every documented answer", async () => {
    const fail = () => Promise.reject(new Error("down"));
    const hang = () => new Promise(() => {});
    const path = "/users/:id/totp";
    for (const options of [
      { path },
      { path, authenticate: () => null },
      { path, authenticate: fail },
      { path, authenticate: hang, timeoutMs: 5 },
      { path, authenticate: undefined, getUser: () => "ada" },
    ]) {
      const { app } = createSetupApp(version, options);
      for (const at of ["/users/7/totp", "/users/%E0%A4%A/totp"]) {
        const headers = { "X-API-Key": API_KEY, ...CROSS_SITE };
        note("post", "/users/{id}/totp", await send(app, at, { as: null, headers }));
      }
      const otherwise = await send(app, "/users/7/totp", { as: null, method: "put" });
      note("post", "/users/{id}/totp", otherwise);
    }
    expect([...seen].sort()).toEqual(documented({ routes: ["setup"], path }));
  });
});
