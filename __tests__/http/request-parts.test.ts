// What is read of a request, to the letter.
import type { IncomingMessage } from "node:http";
import { gzipSync } from "node:zlib";
import type { Request } from "express";
import { readApiKey } from "../../lib/http/api-key.js";
import { readCookie } from "../../lib/http/cookies.js";
import { isOwnOrigin, rejectCrossSite } from "../../lib/http/cross-site.js";
import { earlierBody, toText } from "../../lib/http/earlier-body.js";
import { identify } from "../../lib/http/identify.js";
import { redact } from "../../lib/http/log-error.js";

const requestOf = (parts: object) => parts as Request;

describe("a cookie", () => {
  const read = (cookie?: string) =>
    readCookie({ headers: { cookie } } as IncomingMessage, "__Host-totp");

  test.each([
    ["first", "__Host-totp=a; other=b", "a"],
    ["last, without a space", "other=b;__Host-totp=a", "a"],
    ["between many spaces", "other=b;   __Host-totp=a  ;c=d", "a"],
    ["with an equals sign", "__Host-totp=a=b=", "a=b="],
    ["empty", "__Host-totp=", ""],
    ["twice: the first", "__Host-totp=a; __Host-totp=b", "a"],
  ])("%s", (_, header, value) => {
    expect(read(header)).toBe(value);
  });

  test.each([
    "other=b",
    "x__Host-totp=a",
    "__Host-totpx=a",
    "a=__Host-totp=b",
    "__Host-totp",
    "",
    undefined,
  ])("is not in %j", (header) => {
    expect(read(header)).toBeUndefined();
  });
});

describe("an API key", () => {
  const read = (rawHeaders?: string[]) =>
    readApiKey(
      { headers: { "x-api-key": "k" }, rawHeaders } as unknown as IncomingMessage,
      "X-API-Key",
    );

  test("beside a header whose name is as long", () => {
    expect(read(["X-API-Key", "k", "X-ABC-Def", "x-api-key"])).toBe("k");
    expect(read([])).toBe("k");
    expect(read()).toBe("k");
  });

  test("that is sent twice, in any case", () => {
    const twice = ["X-API-Key", "k", "x-api-KEY", "k"];
    expect(() => read(twice)).toThrow("must be sent only once");
  });
});

describe("a body that was read before", () => {
  test.each<[string, object, unknown]>([
    ["an object", { body: { a: 1 }, rawBody: "raw" }, { a: 1 }],
    ["a text", { body: "{}" }, "{}"],
    ["bytes", { body: Buffer.from("{}") }, Buffer.from("{}")],
    ["an empty object beside a text", { body: {}, rawBody: "raw" }, "raw"],
    ["an empty text beside bytes", { body: "", rawBody: Buffer.from("raw") }, Buffer.from("raw")],
    ["no bytes beside a text", { body: Buffer.alloc(0), rawBody: "raw" }, "raw"],
    ["an empty object alone", { body: {} }, undefined],
    ["no bytes alone", { body: new Uint8Array() }, undefined],
    ["nothing", {}, undefined],
    ["nothing beside an object", { rawBody: { a: 1 } }, undefined],
  ])("%s", (_, parts, body) => {
    expect(earlierBody(requestOf(parts))).toEqual(body);
  });

  test.each<[string, string | Uint8Array, string]>([
    ["a text", "\u001f\u008b", "\u001f\u008b"],
    ["bytes", Buffer.from("{é}"), "{é}"],
    ["bytes of gzip", gzipSync("{}"), "{}"],
    ["bytes that begin half like gzip", Buffer.from([0x1f, 0x41]), "\u001fA"],
    ["bytes that go on like gzip", Buffer.from([0x41, 0x8b]), "A\ufffd"],
  ])("is decoded from %s", (_, body, text) => {
    expect(toText(body, 100)).toBe(text);
  });

  test("does not inflate beyond the limit", () => {
    const inflate = (length: number) => toText(gzipSync("a".repeat(length)), 100);
    expect(inflate(100)).toHaveLength(100);
    expect(() => inflate(101)).toThrow(expect.objectContaining({ code: "ERR_BUFFER_TOO_LARGE" }));
  });
});

describe("an origin", () => {
  const HOST = { headers: { host: "app.example" } };
  const proxied = (trust: unknown, forwarded?: string) => ({
    headers: { host: "inner:3000", "x-forwarded-host": forwarded },
    app: { get: () => trust },
    socket: { remoteAddress: "10.0.0.1" },
  });

  test.each<[string, object, string]>([
    ["of the host", HOST, "https://app.example"],
    ["with the port that the scheme implies", HOST, "https://app.example:443"],
    ["over HTTP", HOST, "http://app.example/path"],
    ["of a host with a port", { headers: { host: "app.example:80" } }, "http://app.example"],
    [
      "of the host that a trusted proxy names",
      proxied(() => true, "app.example"),
      "https://app.example",
    ],
    [
      "of the first of several",
      proxied(() => true, "app.example , b.example"),
      "https://app.example",
    ],
    ["if the proxy names none", proxied(() => true), "http://inner:3000"],
    ["if no proxy is trusted", proxied(() => false, "app.example"), "http://inner:3000"],
    ["if an adapter has no such setting", proxied(undefined, "app.example"), "http://inner:3000"],
    [
      "if an adapter has no socket",
      { ...proxied(() => false), socket: undefined },
      "http://inner:3000",
    ],
  ])("is the app's own: %s", (_, parts, origin) => {
    expect(isOwnOrigin(requestOf(parts), origin)).toBe(true);
  });

  test.each<[string, object, string]>([
    ["of another host", HOST, "https://evil.example"],
    ["of another port", HOST, "https://app.example:444"],
    ["of another scheme", HOST, "ftp://app.example"],
    ["of a scheme that ends alike", HOST, "xhttp://app.example"],
    ["of a scheme that begins alike", HOST, "httpx://app.example"],
    ["that is none", HOST, "app.example"],
    ["without a host", { headers: {} }, "https://undefined"],
    [
      "if an untrusted client names the host",
      proxied(() => false, "evil.example"),
      "https://evil.example",
    ],
    [
      "if the proxy is trusted by mistake",
      proxied(() => 1, "evil.example"),
      "https://evil.example",
    ],
  ])("is not: %s", (_, parts, origin) => {
    expect(isOwnOrigin(requestOf(parts), origin)).toBe(false);
  });

  test("of null is never trusted, even if an app lists it", () => {
    const from = (origin: string) =>
      requestOf({ method: "POST", headers: { host: "app.example", origin } });
    expect(() => rejectCrossSite(from("null"), ["null"])).toThrow("another site");
    expect(() => rejectCrossSite(from("https://b.example"), ["https://b.example"])).not.toThrow();
  });
});

describe("a password that a browser sends by itself", () => {
  const identifyBy = (apiKeyHeader: string, key: string) =>
    identify(
      requestOf({
        method: "POST",
        headers: { [apiKeyHeader.toLowerCase()]: key, "sec-fetch-site": "cross-site" },
      }),
      { authenticate: () => "ada", apiKeyHeader, trustedOrigins: [], timeoutMs: 1000 },
    );

  test.each(["Basic YTpi", "basic YTpi", 'Digest username="ada"', "Negotiate a", "NTLM a"])(
    "is refused from another site: %s",
    async (key) => {
      await expect(identifyBy("Authorization", key)).rejects.toThrow("another site");
      await expect(identifyBy("authorization", key)).rejects.toThrow("another site");
    },
  );

  test.each([
    ["Authorization", "Key Basic"],
    ["Authorization", "Basics YTpi"],
    ["X-Authorization", "Basic YTpi"],
    ["Authorization-Key", "Basic YTpi"],
  ])("is none: %s: %s", async (header, key) => {
    expect(await identifyBy(header, key)).toEqual({ user: "ada", userId: "ada" });
  });
});

test("a text without anything secret is logged as it is", () => {
  expect(redact("TypeError: x is not a function\n    at run (/app/a.js:1:1)", ["short"])).toBe(
    "TypeError: x is not a function\n    at run (/app/a.js:1:1)",
  );
});
