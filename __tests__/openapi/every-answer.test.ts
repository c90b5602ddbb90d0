// Each answer that the document promises is one that the router gives. That it is as the document says is what
// the helper that makes the app sees to.
import {
  createOpenApiDocument,
  type OpenApiOptions,
  type RouteName,
} from "express-totp-setup/openapi";
import type { Response } from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { codeAt, lock, wrongCode } from "../helpers/service.js";
import {
  createServiceApp,
  PATHS,
  type Sent,
  type ServiceApp,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { API_KEY, createSetupApp } from "../helpers/setup-app.js";

const ROUTES: RouteName[] = ["setup", "verify", "status", "delete", "regenerate", "login"];
const CHANGES: RouteName[] = ["setup", "delete", "regenerate"];
const TAKE_A_BODY: RouteName[] = ["verify", "login"];
const SESSION = { session_id: sessionOf("ada") };

/** All statuses of all paths, each as `/path 200`. */
function documented(options: OpenApiOptions = {}): string[] {
  const paths = Object.entries(createOpenApiDocument(options).paths);
  const statuses = paths.flatMap(([path, operations]) =>
    Object.values(operations).flatMap((operation) =>
      Object.keys((operation as { responses: object }).responses).map((each) => `${path} ${each}`),
    ),
  );
  return statuses.sort();
}

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  const seen = new Set<string>();
  const note = (path: string, { status }: Response) => seen.add(`${path} ${status}`);
  beforeEach(() => seen.clear());

  async function ask({ app }: ServiceApp, name: RouteName, sent: Sent = {}): Promise<Response> {
    const answer = await send(app, PATHS[name], sent);
    note(PATHS[name], answer);
    return answer;
  }

  async function askAll(made: ServiceApp, names: readonly RouteName[], sent?: Sent) {
    for (const name of names) await ask(made, name, sent);
  }

  async function liveThrough(made: ServiceApp): Promise<void> {
    const { clock } = made;
    await askAll(made, ["status", "regenerate"]);
    const { secret } = (await ask(made, "setup")).body;
    const show = () => ({ code: codeAt(secret, clock.time) });
    await ask(made, "verify", { body: { code: wrongCode(clock.time, secret) } });
    await ask(made, "verify", { body: show() });
    await ask(made, "verify", { body: show() });
    await askAll(made, CHANGES);
    clock.advance(30);
    await ask(made, "login", { body: { ...SESSION, ...show() } });
    clock.advance(30);
    await ask(made, "regenerate", show());
    clock.advance(30);
    await ask(made, "setup", show());
    clock.advance(30);
    await lock(made, "ada", secret);
    await askAll(made, CHANGES, show());
    await askAll(made, TAKE_A_BODY, { body: { ...SESSION, ...show() } });
    clock.advance(900);
    await ask(made, "delete", show());
  }

  test("the routes give every documented answer", async () => {
    const made = createServiceApp(version);
    const body = { session_id: "unknown", code: "123456" };
    await askAll(made, ROUTES, { as: "nobody", body });
    await askAll(made, TAKE_A_BODY, { body: {} });
    await askAll(made, TAKE_A_BODY, { body: { code: "1".repeat(5000) } });
    await liveThrough(made);

    const call = { body: { ...SESSION, code: "123456" } };
    const failing = createServiceApp(version);
    failing.store.get = () => Promise.reject(new Error("down"));
    await askAll(failing, ROUTES, call);
    const hanging = createServiceApp(version, { service: { timeoutMs: 5 } });
    hanging.store.get = () => new Promise(() => {});
    await askAll(hanging, ROUTES, call);

    expect([...seen].sort()).toEqual(documented());
  });

  test("a path with parameters adds a 400 for one that cannot be decoded", async () => {
    const paths = { basePath: "/:tenant/totp", loginPath: "/:tenant/login" };
    const made = createServiceApp(version, { router: paths });
    for (const path of Object.keys(createOpenApiDocument(paths).paths)) {
      const method = path.endsWith("status") ? "get" : path.endsWith("delete") ? "delete" : "post";
      const undecodable = path.replace("{tenant}", "%E0%A4%A");
      note(path, await send(made.app, undecodable, { method }));
    }
    expect([...seen].sort()).toEqual(documented(paths).filter((each) => each.endsWith(" 400")));
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
    ]) {
      const { app } = createSetupApp(version, options);
      for (const at of ["/users/7/totp", "/users/%E0%A4%A/totp"]) {
        const headers = { "X-API-Key": API_KEY };
        note("/users/{id}/totp", await send(app, at, { as: null, headers }));
      }
    }
    expect([...seen].sort()).toEqual(documented({ routes: ["setup"], path }));
  });
});
