import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { exchange, post, withServer } from "../helpers/servers.js";
import { API_KEY, createSetupApp, SETUP_PATH } from "../helpers/setup-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  async function send(headers: string[], options: object = {}) {
    const authenticate = jest.fn(() => "ada");
    const setup = createSetupApp(version, { authenticate, ...options });
    const answer = await withServer(setup.app, (port) => exchange(port, post(SETUP_PATH, headers)));
    const keys = authenticate.mock.calls.map(([key]: unknown[]) => key);
    return { ...answer, ...setup, keys };
  }

  test.each<[string, string[], string]>([
    ["missing", [], "is missing"],
    ["misspelt", ["X-Api-Keys: a"], "is missing"],
    ["empty", ["X-API-Key:"], "is empty"],
    ["white space", ["X-API-Key: \t  \t "], "is empty"],
    ["repeated", ["X-API-Key: a", "X-API-Key: b"], "must be sent only once"],
    ["repeated with the same key", ["X-API-Key: a", "X-API-Key: a"], "must be sent only once"],
    ["repeated in another case", ["x-api-key: a", "X-API-KEY: b"], "must be sent only once"],
    ["repeated, once empty", ["X-API-Key: a", "X-API-Key:"], "must be sent only once"],
    ["12 KB long", [`X-API-Key: ${"a".repeat(12_288)}`], "is longer than 8192 characters"],
    [
      "one character too long",
      [`X-API-Key: ${"a".repeat(8193)}`],
      "is longer than 8192 characters",
    ],
    ["Latin-1", ["X-API-Key: clé"], "must be printable ASCII"],
    ["UTF-8", [`X-API-Key: ${Buffer.from("ключ").toString("latin1")}`], "must be printable ASCII"],
    ["with a tab in it", ["X-API-Key: a\tb"], "must be printable ASCII"],
  ])("a header that is %s gets a 401 that says what to send", async (_, headers, problem) => {
    const { status, head, body, keys, errors, saved, events } = await send(headers);
    expect([status, body]).toEqual([
      401,
      `{"code":401,"details":"The X-API-Key header ${problem}","error":"Unauthorized"}`,
    ]);
    expect(head).toMatch(/^cache-control: no-store$/im);
    expect({ keys, errors, saved }).toEqual({ keys: [], errors: [], saved: [] });
    expect(events).toMatchObject([{ type: "unauthenticated" }]);
  });

  test.each([["\0"], ["\x01"], ["\x7f"], ["\r"]])(
    "a control character never reaches authenticate: %j",
    async (character) => {
      const { status, keys, saved } = await send([`X-API-Key: a${character}b`]);
      expect([400, 401]).toContain(status);
      expect({ keys, saved }).toEqual({ keys: [], saved: [] });
    },
  );

  test.each<[string, string, string]>([
    ["a comma, as if two had been joined", "X-API-Key: a, b", "a, b"],
    ["a colon", "X-API-Key: Bearer: a", "Bearer: a"],
    ["white space around it", "X-API-Key: \t a \t", "a"],
    ["no white space before it", "X-API-Key:a", "a"],
    ["another case", "x-API-kEY: a", "a"],
    ["8192 characters", `X-API-Key: ${"a".repeat(8192)}`, "a".repeat(8192)],
    [
      "every printable character",
      "X-API-Key: !\"#$%&'()*+-./0:;<=>?@A[\\]^_`a{|}~",
      "!\"#$%&'()*+-./0:;<=>?@A[\\]^_`a{|}~",
    ],
  ])("a header with %s is one key", async (_, header, key) => {
    const { status, keys } = await send([header]);
    expect(status).toBe(200);
    expect(keys).toEqual([key]);
  });

  test("a header that Node itself drops when it is repeated is refused as repeated", async () => {
    const headers = ["Authorization: a", "Authorization: b"];
    const { status, body, keys } = await send(headers, { apiKeyHeader: "authorization" });
    expect([status, JSON.parse(body).details]).toEqual([
      401,
      "The authorization header must be sent only once",
    ]);
    expect(keys).toEqual([]);
  });

  test("a header that Node makes a list of is refused, not passed on as a list", async () => {
    const { status, keys } = await send(["Set-Cookie: a"], { apiKeyHeader: "Set-Cookie" });
    expect([status, keys]).toEqual([401, []]);
  });

  test.each(["__proto__", "constructor", "toString"])(
    "a header called %s is not taken for sent, though every object has such a property",
    async (apiKeyHeader) => {
      const { status, keys } = await send([], { apiKeyHeader });
      expect([status, keys]).toEqual([401, []]);
    },
  );

  test("a header that is too large for Node is answered by Node, and the next client is served", async () => {
    const { app } = createSetupApp(version);
    await withServer(app, async (port) => {
      const huge = await exchange(port, post(SETUP_PATH, [`X-API-Key: ${"a".repeat(20_000)}`]));
      expect(huge.status).toBe(431);
      expect((await exchange(port, post(SETUP_PATH, [`X-API-Key: ${API_KEY}`]))).status).toBe(200);
    });
  });

  test("a key that the app's own middleware put there is taken", async () => {
    const app = version.express();
    app.use((req, _res, next) => {
      req.headers["x-api-key"] = API_KEY;
      next();
    });
    app.use(createSetupApp(version).app);
    await request(app).post(SETUP_PATH).expect(200);
  });

  test("requests of serverless adapters have a key, but no raw headers", async () => {
    const { app, saved } = createSetupApp(version);
    const req = new IncomingMessage(new Socket());
    Object.assign(req, { method: "POST", url: SETUP_PATH, headers: { "x-api-key": API_KEY } });
    expect(req.rawHeaders).toEqual([]);
    const res = new ServerResponse(req);
    const written: unknown[] = [];
    res.end = ((chunk: unknown) => {
      written.push(chunk);
      return res;
    }) as typeof res.end;
    app(req as never, res as never);
    while (written.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(res.statusCode).toBe(200);
    expect(saved).toHaveLength(1);
  });
});
