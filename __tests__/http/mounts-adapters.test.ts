// Requests that no HTTP server has read: those of serverless adapters, and of tests without a network.

import { gzipSync } from "node:zlib";
import { configure } from "@codegenie/serverless-express";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { Express } from "express";
import inject from "light-my-request";
import { createRequest, createResponse } from "node-mocks-http";
import serverlessHttp from "serverless-http";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { codeAt } from "../helpers/service.js";
import { createServiceApp, keyOf, PATHS, type ServiceApp } from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}
interface Received {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}
type Call = (path: string, sent?: Sent) => Promise<Received>;
type Adapter = (app: Express) => Call;

/** What API Gateway sends to a function, in its format 2.0; the names of headers are in lower case there. */
function lambdaEvent(path: string, { method = "POST", headers, body }: Sent): object {
  const event: Partial<APIGatewayProxyEventV2> = {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers: { host: "localhost", ...headers },
    requestContext: {
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "203.0.113.7", userAgent: "test" },
      stage: "$default",
    } as APIGatewayProxyEventV2["requestContext"],
    ...(body !== undefined && {
      body: body.toString(Buffer.isBuffer(body) ? "base64" : undefined),
      isBase64Encoded: Buffer.isBuffer(body),
    }),
  };
  return event;
}

/** The same in format 1.0, which leaves the names as the client wrote them. */
function restEvent(path: string, { method = "POST", headers = {}, body }: Sent): object {
  const each = Object.entries({ host: "localhost", ...headers }).map(
    ([name, value]): [string, string] => [name.replace(/\b[a-z]/g, (c) => c.toUpperCase()), value],
  );
  return {
    resource: "/{proxy+}",
    path,
    httpMethod: method,
    headers: Object.fromEntries(each),
    multiValueHeaders: Object.fromEntries(each.map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    requestContext: { identity: { sourceIp: "203.0.113.7" } },
    body: body === undefined ? null : body.toString(Buffer.isBuffer(body) ? "base64" : undefined),
    isBase64Encoded: Buffer.isBuffer(body),
  };
}

const readLambda = (answer: unknown): Received => {
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = answer as {
    statusCode: number;
    headers?: Record<string, unknown>;
    multiValueHeaders?: Record<string, unknown[]>;
    body: string;
    isBase64Encoded?: boolean;
  };
  const text = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8").toString();
  const first = Object.entries(multiValueHeaders ?? {}).map(([name, [value]]) => [name, value]);
  return { status: statusCode, headers: { ...headers, ...Object.fromEntries(first) }, text };
};

const ADAPTERS: Record<string, Adapter> = {
  "@codegenie/serverless-express, format 2.0":
    (app) =>
    async (path, sent = {}) =>
      readLambda(
        await configure({ app })(lambdaEvent(path, sent), {} as never, undefined as never),
      ),
  "@codegenie/serverless-express, format 1.0":
    (app) =>
    async (path, sent = {}) =>
      readLambda(await configure({ app })(restEvent(path, sent), {} as never, undefined as never)),
  "serverless-http":
    (app) =>
    async (path, sent = {}) =>
      readLambda(await serverlessHttp(app)(lambdaEvent(path, sent), {})),
  "light-my-request":
    (app) =>
    async (path, { method = "POST", headers, body } = {}) => {
      const url = `http://localhost${path}`;
      const answer = await inject(app, {
        method: method as "POST",
        url,
        ...(headers && { headers }),
        ...(body !== undefined && { payload: body }),
      });
      return { status: answer.statusCode, headers: answer.headers, text: answer.payload };
    },
};

const JSON_TYPE = { "content-type": "application/json" };
const AS_ADA = { "x-api-key": keyOf("ada") };

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  const PARSERS: [string, (app: Express) => void][] = [
    ["alone", () => {}],
    ["behind express.json()", (app) => app.use(version.express.json())],
    ["behind express.raw()", (app) => app.use(version.express.raw({ type: () => true }))],
  ];

  describe.each(Object.entries(ADAPTERS))("%s", (name, adapt) => {
    describe.each(PARSERS)("%s", (_, before) => {
      const create = () => {
        const made = createServiceApp(version, { before });
        return { ...made, call: adapt(made.app) };
      };
      async function begin(made: ReturnType<typeof create>) {
        const { status, headers, text } = await made.call(PATHS.setup, { headers: AS_ADA });
        const { secret } = JSON.parse(text);
        expect([status, headers["cache-control"]]).toEqual([200, "no-store"]);
        return JSON.stringify({ code: codeAt(secret, made.clock.time) });
      }

      test("setup, confirmation, status and HEAD", async () => {
        const made = create();
        const body = await begin(made);
        const headers = { ...AS_ADA, ...JSON_TYPE };
        const confirmed = await made.call(PATHS.verify, { headers, body });
        expect(confirmed.status).toBe(200);
        expect(JSON.parse(confirmed.text).backup_codes).toHaveLength(3);
        const status = await made.call(PATHS.status, { method: "GET", headers: AS_ADA });
        expect([status.status, JSON.parse(status.text).is_setup]).toEqual([200, true]);
        const head = await made.call(PATHS.status, { method: "HEAD", headers: AS_ADA });
        expect(head.status).toBe(200);
        expect([made.errors, made.escaped]).toEqual([[], []]);
      });

      test("bytes, and bytes that are compressed", async () => {
        for (const encode of [Buffer.from, gzipSync] as ((text: string) => Buffer)[]) {
          const made = create();
          const body = encode(await begin(made));
          const headers = {
            ...AS_ADA,
            ...JSON_TYPE,
            "content-length": String(body.length),
            ...(encode === gzipSync && { "content-encoding": "gzip" }),
          };
          const { status } = await made.call(PATHS.verify, { headers, body });
          expect([name, status]).toEqual([name, 200]);
        }
      });

      test("no key, no body, and a body that is too large", async () => {
        const { call } = create();
        expect((await call(PATHS.setup)).text).toContain("The X-API-Key header is missing");
        const headers = { ...AS_ADA, ...JSON_TYPE };
        expect((await call(PATHS.verify, { headers })).status).toBe(400);
        const body = JSON.stringify({ code: "1".repeat(5000) });
        expect((await call(PATHS.verify, { headers, body })).status).toBe(413);
      });
    });
  });

  describe("node-mocks-http, whose requests have no rawHeaders and are no streams", () => {
    /** Calls the router itself, as unit tests of an app do. */
    function callRouter({ app }: ServiceApp, path: string, sent: object) {
      const req = createRequest({ method: "POST", url: path, ...sent });
      const res = createResponse({ req, eventEmitter: require("node:events") });
      expect(req).not.toHaveProperty("rawHeaders");
      return new Promise<{ status: number; text: string }>((resolve, reject) => {
        res.on("end", () => resolve({ status: res.statusCode, text: res._getData() }));
        app(req, res, reject);
      });
    }

    test.each([{}, { "Content-Length": "17" }])("setup and confirmation, %j", async (more) => {
      const made = createServiceApp(version);
      const headers = { "X-API-Key": keyOf("ada"), "Content-Type": "application/json", ...more };
      const setup = await callRouter(made, PATHS.setup, { headers });
      expect(setup.status).toBe(200);
      const body = { code: codeAt(JSON.parse(setup.text).secret, made.clock.time) };
      expect((await callRouter(made, PATHS.verify, { headers, body })).status).toBe(200);
      expect([made.errors, made.escaped]).toEqual([[], []]);
    });

    test("a key that is missing, and a body without the field", async () => {
      const made = createServiceApp(version);
      expect((await callRouter(made, PATHS.setup, {})).text).toContain("header is missing");
      const headers = { "X-API-Key": keyOf("ada"), "Content-Type": "application/json" };
      const { status, text } = await callRouter(made, PATHS.verify, { headers, body: { a: 1 } });
      expect([status, text]).toEqual([400, expect.stringContaining('The field \\"code\\"')]);
    });
  });
});
