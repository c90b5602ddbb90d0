// What of an app's error becomes the response.
import type { ServerResponse } from "node:http";
import { type ErrorResponse, sendError, toErrorResponse } from "../../lib/http/error-response.js";

const PLAIN = { details: "", more: {}, headers: [] };

test.each<[string, unknown, Partial<ErrorResponse>]>([
  ["a status", { status: 402 }, { status: 402 }],
  ["a status of another name", { statusCode: 404 }, { status: 404 }],
  ["a message that is not meant for clients", { status: 402, message: "a" }, { status: 402 }],
  ["a message", { status: 402, expose: true, message: "a" }, { status: 402, details: "a" }],
  ["a message that is no text", { status: 402, expose: true, message: 5 }, { status: 402 }],
  ["a reason", { status: 402, reason: "a" }, { status: 402, more: { reason: "a" } }],
  ["a reason that is empty", { status: 402, reason: "" }, { status: 402 }],
  ["a reason that is no text", { status: 402, reason: 5 }, { status: 402 }],
  ["seconds", { status: 429, retryAfterSeconds: 0 }, { status: 429, more: { retry_after: 0 } }],
  ["half a second", { status: 429, retryAfterSeconds: 0.5 }, { status: 429 }],
  [
    "an offset",
    { status: 422, offsetSeconds: -90 },
    { status: 422, more: { offset_seconds: -90 } },
  ],
  ["no headers", { status: 402, headers: null }, { status: 402 }],
  ["headers that are no object", { status: 402, headers: "Location: /" }, { status: 402 }],
  [
    "headers",
    { status: 402, headers: { Location: "/a", "Retry-After": 5, Allow: "GET", Age: "1" } },
    {
      status: 402,
      headers: [
        ["Location", "/a"],
        ["Retry-After", "5"],
      ],
    },
  ],
  ["a header with a list", { status: 402, headers: { Location: ["/a", "/b"] } }, { status: 402 }],
  [
    "the methods of a 405",
    { status: 405, headers: { Allow: "GET" } },
    { status: 405, headers: [["Allow", "GET"]] },
  ],
  ["a status of success", { status: 200 }, { status: 500 }],
  ["no status", new Error("a"), { status: 500 }],
  ["nothing", undefined, { status: 500 }],
])("an error with %s", (_, error, response) => {
  expect(toErrorResponse(error)).toEqual({ ...PLAIN, ...response });
});

function send(response: Partial<ErrorResponse>, headersSent = false) {
  const headers: Record<string, unknown> = {};
  let body: unknown;
  const res = {
    headersSent,
    setHeader: (name: string, value: unknown) => {
      headers[name] = value;
    },
    end: (text: string) => {
      body = JSON.parse(text);
    },
  };
  sendError(res as unknown as ServerResponse, { ...PLAIN, status: 500, ...response });
  return { body, headers };
}

test.each([
  [499, "Client Error"],
  [404, "Not Found"],
  [500, "Internal Server Error"],
  [599, "Server Error"],
])("a %i says %s", (status, error) => {
  expect(send({ status }).body).toEqual({ code: status, error });
});

test("an error that comes too late sets no header", () => {
  const response = { status: 429, headers: [["Retry-After", "5"]] as [string, string][] };
  expect(send(response).headers).toMatchObject({ "Retry-After": "5" });
  expect(send(response, true)).toEqual({ body: undefined, headers: {} });
});
