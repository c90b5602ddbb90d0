// An answer that is not as documented fails the test that got it.
import { spawnSync } from "node:child_process";
import path from "node:path";
import type { RequestHandler } from "express";
import { createDeferred } from "../helpers/deferred.js";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { exchange, openSocket, post, withServer } from "../helpers/servers.js";
import { takeViolations, validated } from "../helpers/validated.js";

const STATUS = "/auth/v1/users/current/totp/status";
const EXTRA = "body  must NOT have additional properties";

describe.each(EXPRESS_VERSIONS)("$name", ({ express }) => {
  const leak: RequestHandler = (_req, res) => {
    const body = { is_setup: false, backup_codes_remaining: 0, secret: "QRZ2XSB5D5OQJ4LI" };
    res.set("Cache-Control", "no-store").json(body);
  };
  const serve = (handler: RequestHandler, at: string) =>
    withServer(express().use("/api", validated(handler)), (port) =>
      exchange(port, post(at, [], "GET")),
    );

  test("notes what is wrong with an answer, below a prefix and over a bare socket too", async () => {
    expect((await serve(leak, `/api${STATUS}`)).status).toBe(200);
    expect(takeViolations()).toEqual([`GET ${STATUS}: 200: ${EXTRA}`]);
  });

  test("leaves alone what is passed on, for the app to answer", async () => {
    expect((await serve((_req, _res, next) => next(), `/api${STATUS}`)).status).toBe(404);
    expect(takeViolations()).toEqual([]);
  });

  test("leaves alone an answer to nobody", async () => {
    const asked = createDeferred();
    const answered = createDeferred();
    const late: RequestHandler = (_req, res) => {
      res.on("close", () => {
        res.status(418).end("teapot");
        answered.resolve();
      });
      asked.resolve();
    };
    await withServer(express().use(validated(late)), async (port) => {
      const socket = await openSocket(port, post(STATUS));
      await asked.promise;
      socket.destroy();
      await answered.promise;
    });
    expect(takeViolations()).toEqual([]);
  });
});

test("a test that gets an answer that is not as documented fails, and the next one does not", () => {
  const root = path.join(__dirname, "../..");
  const jest = path.join(root, "node_modules/jest/bin/jest.js");
  const args = [jest, "--testMatch", "**/leaking-answer.ts", "--json"];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  const { testResults } = JSON.parse(stdout);
  const [leaking, other] = testResults[0].assertionResults;
  expect([status, leaking.status, other.status]).toEqual([1, "failed", "passed"]);
  expect(leaking.failureMessages.join()).toContain(EXTRA);
}, 60_000);
