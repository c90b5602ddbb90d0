// A body that something else has read before the router is parsed as if the router had read it.
import { gzipSync } from "node:zlib";
import type { RequestHandler } from "express";
import getRawBody from "raw-body";
import request from "supertest";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { codeAt } from "../helpers/service.js";
import { createServiceApp, keyOf, PATHS, send } from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

/** Collects the bytes as they come, as apps do that check a signature over them. */
const collectInto =
  (property: "body" | "rawBody", encoding?: "utf8"): RequestHandler =>
  async (req, _res, next) => {
    Object.assign(req, { [property]: await getRawBody(req, { encoding }) });
    next();
  };

const READERS: [string, (version: ExpressVersion) => RequestHandler[]][] = [
  ["nothing", () => []],
  ["express.raw", ({ express }) => [express.raw({ type: () => true })]],
  ["express.text", ({ express }) => [express.text({ type: () => true })]],
  ["a collector of bytes", () => [collectInto("body")]],
  ["a collector of bytes in rawBody", () => [collectInto("rawBody")]],
  ["a collector of text", () => [collectInto("body", "utf8")]],
  ["a collector of text in rawBody", () => [collectInto("rawBody", "utf8")]],
  [
    "a collector, then parsers of other types",
    ({ express }) => [collectInto("rawBody"), express.urlencoded({ extended: false })],
  ],
  [
    "express.json with a copy in rawBody",
    ({ express }) => [
      express.json({
        verify: (req, _res, buffer) => {
          Object.assign(req, { rawBody: buffer });
        },
      }),
    ],
  ],
];

/** A compressed body is lost once it was read as if it were text. */
const LOSES_GZIP = /collector of text/;

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  test("a stream that the app has switched to text is the app's mistake: a 500, and onError", async () => {
    const made = createServiceApp(version, {
      before: (app) =>
        app.use((req, _res, next) => {
          req.setEncoding("utf8");
          next();
        }),
    });
    const res = await send(made.app, PATHS.verify, { body: { code: "123456" } });
    expect([res.status, res.text]).toEqual([500, '{"code":500,"error":"Internal Server Error"}']);
    expect(made.errors.map(String)).toEqual([
      "InternalServerError: stream encoding should not be set",
    ]);
  });

  describe.each(READERS)("after %s", (reader, create) => {
    const createApp = () => {
      const before: RequestHandler[] = [(_req, _res, next) => next(), ...create(version)];
      return createServiceApp(version, {
        before: (app) => {
          app.use(...before);
        },
      });
    };

    async function beginSetup(made: ReturnType<typeof createApp>) {
      const { secret } = (await send(made.app, PATHS.setup)).body;
      return JSON.stringify({ code: codeAt(secret, made.clock.time) });
    }

    const post = (made: ReturnType<typeof createApp>, type: string | undefined, body: string) => {
      const call = request(made.app)
        .post(PATHS.verify)
        .set("X-API-Key", keyOf("ada"))
        .serialize((given) => given as string);
      // superagent would choose one by itself.
      return type === undefined
        ? call.unset("Content-Type").send(body)
        : call.type(type).send(body);
    };

    test.each(["application/json", "application/json; charset=utf-8", "application/vnd.acme+json"])(
      "%s is parsed",
      async (type) => {
        const made = createApp();
        const { status, body } = await post(made, type, await beginSetup(made));
        expect([status, body.backup_codes]).toMatchObject([200, { length: 3 }]);
        expect([made.errors, made.escaped]).toEqual([[], []]);
      },
    );

    test("chunks are parsed, too", async () => {
      const made = createApp();
      const body = await beginSetup(made);
      const call = request(made.app).post(PATHS.verify).type("json").set("X-API-Key", keyOf("ada"));
      call.write(body.slice(0, 5));
      call.write(body.slice(5));
      expect((await call).status).toBe(200);
    });

    const expected = LOSES_GZIP.test(reader) ? [400, 400] : [413, 200];
    test(`gzip gets ${expected}: over 4 KiB once inflated, and below`, async () => {
      const made = createApp();
      const gzipped = (text: string) =>
        request(made.app)
          .post(PATHS.verify)
          .set({ "X-API-Key": keyOf("ada"), "Content-Encoding": "gzip" })
          .type("json")
          .serialize((given) => given as string)
          .send(gzipSync(text));
      // An app's own parser lets more through, which the router then refuses.
      const large = await gzipped(JSON.stringify({ code: "1".repeat(5000) }));
      const small = await gzipped(await beginSetup(made));
      expect([large.status, small.status]).toEqual(expected);
    });

    test("what is not JSON is a 400 that does not quote it", async () => {
      const made = createApp();
      const { status, text } = await post(made, "application/json", '{"code":"123456');
      // express.json, if it is first, hands its error to the app.
      expect(made.escaped.length > 0 ? 400 : status).toBe(400);
      expect(text).not.toContain("123456");
    });

    test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])(
      "a Content-Type of %s is refused, with what to send",
      async (type) => {
        const made = createApp();
        const { status, body } = await post(made, type, await beginSetup(made));
        // The parser of Express 4 fails on a form that a collector has read.
        if (made.escaped.length > 0) return expect(type).toContain("form");
        const details = "Send a JSON object with Content-Type: application/json";
        expect([status, body.details]).toEqual([400, details]);
      },
    );

    test("a Content-Type that was sent is not asked for again, whatever the body is", async () => {
      for (const body of ["", "[]", "null", '"123456"', "{}"]) {
        const made = createApp();
        const { text } = await post(made, "application/json", body);
        expect(text).not.toContain("Content-Type");
      }
    });
  });
});

test.each(EXPRESS_VERSIONS)(
  "$name: a body nested deeper than JSON goes is a 413",
  async (version) => {
    let deep: unknown = "123456";
    for (let depth = 0; depth < 50_000; depth++) deep = [deep];
    const made = createServiceApp(version, {
      before: (app) => {
        app.use((req, _res, next) => {
          // As a parser of the app leaves it, of a chunked request.
          delete req.headers["content-length"];
          Object.assign(req, { body: { session_id: "x", code: deep } });
          req.resume().once("end", next);
        });
      },
    });
    const sent = request(made.app).post(PATHS.login).set("Content-Type", "application/json");
    const res = await sent.send("{}");
    expect([res.status, made.errors]).toEqual([413, []]);
  },
);
