// How large a body is that the app has read, in whatever form.
import type { Request, Response } from "express";
import { readJsonBody } from "../../lib/http/json-body.js";

const LIMIT = 4096;
const JSON_TYPE = "application/json";

const read = (body: unknown, headers: Record<string, string> = {}) =>
  readJsonBody(
    { headers: { "content-type": JSON_TYPE, ...headers }, body } as Request,
    {} as Response,
    1000,
  );

/** A JSON object of so many bytes. */
const textOf = (bytes: number) => `{"pad":"${"x".repeat(bytes - 10)}"}`;
const FORMS: [string, (text: string) => unknown][] = [
  ["JSON", (text) => JSON.parse(text)],
  ["a text", (text) => text],
  ["bytes", (text) => Buffer.from(text)],
];

test.each(FORMS)("as %s: 4,096 bytes are read, and not one more", async (_, form) => {
  expect(await read(form(textOf(LIMIT)))).toEqual(JSON.parse(textOf(LIMIT)));
  const error = { status: 413, message: "The body is larger than 4096 bytes" };
  await expect(read(form(textOf(LIMIT + 1)))).rejects.toMatchObject(error);
});

test("the length that the client sent counts, not that of the JSON that it would be", async () => {
  const body = { pad: Array(300).fill(1e20) };
  const length = { "content-length": "1510" };
  expect(await read(body, length)).toBe(body);
  await expect(read(body)).rejects.toMatchObject({ status: 413 });
  // The length of a compressed body says nothing.
  const gzip = { ...length, "content-encoding": "gzip" };
  await expect(read(body, gzip)).rejects.toMatchObject({ status: 413 });
  const long = { "content-length": String(LIMIT + 1) };
  await expect(read({}, long)).rejects.toMatchObject({ status: 413 });
});

test.each([
  ["text/json", "Send a JSON object with Content-Type: application/json"],
  ["x-application/json", "Send a JSON object with Content-Type: application/json"],
  ["", "Send a JSON object with Content-Type: application/json"],
])("the type %j is not JSON", async (type, message) => {
  const error = { status: 400, message };
  await expect(read("{}", { "content-type": type })).rejects.toMatchObject(error);
});

test("a text that is not JSON is not quoted", async () => {
  const error = { status: 400, message: "The body is not JSON" };
  await expect(read("{code: 123456}")).rejects.toMatchObject(error);
});
