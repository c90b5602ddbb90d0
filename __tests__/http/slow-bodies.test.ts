// A body that never ends must not hold a connection, or what waits for it, for ever.
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { exchange, openSocket, post, withServer } from "../helpers/servers.js";
import { codeAt } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  keyOf,
  PATHS,
  sessionOf,
} from "../helpers/service-app.js";
import { watchTimers } from "../helpers/timers.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const SLOW = '{"code":408,"details":"The body did not arrive in time","error":"Request Timeout"}';
const FRESHNESS = { maxAgeSeconds: 60, get: () => undefined, set: () => {} };

/** A request on a connection that is to be kept, unlike those of `post`. */
const head = (path: string, headers: readonly string[]) =>
  post(path, [`X-API-Key: ${keyOf("ada")}`, "Content-Type: application/json", ...headers]).replace(
    "Connection: close\r\n",
    "",
  );

/** Waits, though not for ever, until what the network brings has come. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000 && !isSo(); i++) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  const create = (timeoutMs: number) => {
    const freshness = version.lib.sessionFreshness(FRESHNESS);
    return createServiceApp(version, { service: { timeoutMs }, router: { freshness } });
  };

  describe.each([PATHS.verify, PATHS.stepUp, PATHS.login])("%s", (path) => {
    test.each([
      ["nothing", ["Content-Length: 9"], ""],
      ["half of it", ["Content-Length: 99"], '{"code":"123456"'],
      ["chunks without an end", ["Transfer-Encoding: chunked"], '10\r\n{"code":"123456"\r\n'],
    ])("a body of which %s comes is a 408, and ends the connection", async (_, headers, body) => {
      const made = create(5);
      const answer = await withServer(made.app, (port) =>
        exchange(port, head(path, headers) + body),
      );
      expect([answer.status, answer.body]).toEqual([408, SLOW]);
      // What comes later must not be read as the next request.
      expect(answer.head).toMatch(/^connection: close$/im);
      expect(answer.head).toMatch(/^cache-control: no-store$/im);
      expect([made.errors, made.escaped, made.events]).toEqual([[], [], []]);
    });
  });

  test("a body in time leaves no timer behind, and the connection open", async () => {
    const made = create(3_600_000);
    const { fresh } = await enrollDirectly(made);
    const body = JSON.stringify({ session_id: sessionOf("ada"), code: fresh() });
    const timers = watchTimers(3_600_000);
    await withServer(made.app, async (port) => {
      const sent = [`Content-Length: ${body.length}`];
      const first = head(PATHS.login, sent) + body;
      const answers = await exchange(
        port,
        first + post(PATHS.status, [`X-API-Key: ${keyOf("ada")}`]),
      );
      expect(answers.status).toBe(200);
      expect(answers.body).toContain("HTTP/1.1 405");
    });
    expect(timers.started()).toBeGreaterThan(0);
    expect(timers.running()).toBe(0);
    timers.stopWatching();
  });

  test("a client that hangs up in the middle leaves no timer behind, and is nobody's error", async () => {
    const made = create(3_600_000);
    const timers = watchTimers(3_600_000);
    await withServer(made.app, async (port) => {
      const socket = await openSocket(port, `${head(PATHS.verify, ["Content-Length: 9"])}{`);
      await until(() => timers.started() > 0);
      socket.destroy();
      await until(() => timers.running() === 0);
    });
    expect(timers.started()).toBeGreaterThan(0);
    expect(timers.running()).toBe(0);
    expect([made.errors, made.escaped]).toEqual([[], []]);
    timers.stopWatching();
  });

  test("the code of a body that came too late is not looked at", async () => {
    const made = create(5);
    const { secret, fresh } = await enrollDirectly(made);
    const body = JSON.stringify({ code: fresh() });
    await withServer(made.app, async (port) => {
      const sent = [`Content-Length: ${body.length}`];
      const socket = await openSocket(port, head(PATHS.stepUp, sent) + body.slice(0, 5));
      const answered = new Promise<string>((resolve) =>
        socket.once("data", (chunk) => resolve(String(chunk))),
      );
      expect(await answered).toContain("408");
      socket.write(body.slice(5));
      socket.destroy();
    });
    expect(made.events).toEqual([]);
    expect((await made.totp.verify("ada", codeAt(secret, made.clock.time))).ok).toBe(true);
  });

  test("an app that has responded by then is left alone", async () => {
    const made = createServiceApp(version, {
      service: { timeoutMs: 20 },
      exceptions: { sent: [503] },
      before: (app) => {
        app.use((_req, res, next) => {
          next();
          res.status(503).end("the app's own");
        });
      },
    });
    const uncaught: unknown[] = [];
    const listen = (error: unknown) => uncaught.push(error);
    process.on("uncaughtException", listen);
    await withServer(made.app, async (port) => {
      const socket = await openSocket(port, `${head(PATHS.login, ["Content-Length: 20"])}{`);
      const answered = new Promise<string>((resolve) =>
        socket.once("data", (chunk) => resolve(String(chunk))),
      );
      expect(await answered).toContain("503");
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.destroy();
    });
    process.off("uncaughtException", listen);
    expect(uncaught).toEqual([]);
  });
});
