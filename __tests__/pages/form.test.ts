// Forms that do not arrive whole, or not as forms.
import { gzipSync } from "node:zlib";
import express from "express";
import type { ErrorHandler } from "express-totp-setup";
import { createDeferred } from "../helpers/deferred.js";
import { createPagesApp, type PagesAppOptions } from "../helpers/pages-app.js";
import { PagesBrowser, signIn, turnOn } from "../helpers/pages-browser.js";
import { exchange, post, withServer } from "../helpers/servers.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const FORM = "Content-Type: application/x-www-form-urlencoded";

/** Sends a form of a signed-in user over a socket. */
async function send(options: PagesAppOptions, headers: readonly string[], body: string) {
  const made = createPagesApp({ ...options, pages: { getUser: () => "ada", ...options.pages } });
  await turnOn(made);
  const answer = await withServer(made.app, (port) =>
    exchange(port, post("/two-factor/turn-off", headers) + body),
  );
  expect(await made.totp.status("ada")).toMatchObject({ isEnabled: true });
  expect(made.escaped).toEqual([]);
  return { made, answer };
}

test("a form that never ends is a 408, and ends the connection", async () => {
  const { answer } = await send({ service: { timeoutMs: 5 } }, [FORM, "Content-Length: 99"], "a=");
  expect(answer.status).toBe(408);
  expect(answer.head).toMatch(/^connection: close$/im);
  expect(answer.body).toContain("Something went wrong. Try again later.");
});

const BOMB = gzipSync(`code=${"1".repeat(100_000)}`).toString("latin1");

test.each([
  ["too large", 413, [FORM, "Content-Length: 5000"], "a".repeat(5000)],
  ["in an unknown charset", 400, [`${FORM}; charset=ebcdic`, "Content-Length: 3"], "a=b"],
  [
    "compressed, though it is not",
    400,
    [FORM, "Content-Encoding: gzip", "Content-Length: 3"],
    "a=b",
  ],
  ["a bomb", 413, [FORM, "Content-Encoding: gzip", `Content-Length: ${BOMB.length}`], BOMB],
])("a form that is %s is a %i, without a word of it", async (_, status, headers, body) => {
  const { made, answer } = await send({}, headers, body);
  expect(answer.status).toBe(status);
  expect(answer.body).not.toContain("aaa");
  expect(made.errors).toEqual([]);
});

test("an errorHandler of the app gets errors that say what is wrong with the form", async () => {
  const errorHandler: ErrorHandler = ({ status, message }, _req, res) => {
    res.status(status).send(message);
  };
  const options = { pages: { errorHandler }, service: { timeoutMs: 5 } };
  const late = await send(options, [FORM, "Content-Length: 99"], "a=");
  expect(late.answer.body).toBe("The form did not arrive in time");
  const large = await send(options, [FORM, "Content-Length: 5000"], "a".repeat(5000));
  expect(large.answer.body).toBe("The form cannot be read");
});

test("a form that the app gave up on first is not responded to again", async () => {
  const before: PagesAppOptions["before"] = (app) =>
    app.use((_req, res, next) => {
      next();
      res.status(503).set("Connection", "close").end("The app is too slow.");
    });
  const service = { timeoutMs: 5 };
  const { made, answer } = await send({ before, service }, [FORM, "Content-Length: 9"], "a=");
  expect([answer.status, answer.body]).toEqual([503, "The app is too slow."]);
  expect(made.errors).toEqual([]);

  const handled = createDeferred<number>();
  const errorHandler: ErrorHandler = ({ status }) => handled.resolve(status);
  await send({ before, service, pages: { errorHandler } }, [FORM, "Content-Length: 9"], "a=");
  expect(await handled.promise).toBe(408);
});

test("what a middleware of the app has done to the body is reported as the app's error", async () => {
  const before: PagesAppOptions["before"] = (app) =>
    app.use((req, _res, next) => {
      req.setEncoding("utf8");
      next();
    });
  const { made, answer } = await send({ before }, [FORM, "Content-Length: 3"], "a=b");
  expect(answer.status).toBe(500);
  expect(made.errors).toEqual([expect.objectContaining({ type: "stream.encoding.set" })]);
});

test("a form that a parser of the app has read is read from there, and of a repeated field nothing", async () => {
  const before: PagesAppOptions["before"] = (app) => app.use(express.urlencoded());
  const made = createPagesApp({ before });
  const browser = await signIn(made);
  const { fresh } = await turnOn(made);
  const path = "/two-factor/turn-off";
  const code = fresh();
  expect(await browser.post(path, { code: [code, code] as never })).toMatchObject({
    alert: "Enter a code.",
  });
  expect(await browser.post(path, { code })).toMatchObject({ status: 303 });

  const { fresh: next } = await turnOn(made, "eve");
  const other = new PagesBrowser(made);
  await other.post("/sign-in/eve");
  const fields = { code: next(), trust_device: ["yes", "yes"] as never };
  expect((await other.post("/two-factor/login", fields)).status).toBe(303);
  expect(await made.totp.listDevices("eve")).toEqual([]);
});
