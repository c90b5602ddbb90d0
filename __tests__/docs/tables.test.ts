// What the table of errors in docs/setup-route.md says is provoked.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import express from "express";
import { createTotpSetupRouter, type TotpSetupOptions } from "express-totp-setup";
import createHttpError from "http-errors";
import { readTable } from "../helpers/snippets-tables.js";

const readme = readFileSync(path.join(__dirname, "../../docs/setup-route.md"), "utf8");
const PATH = "/auth/v1/users/current/totp/setup";

interface Asked {
  options?: Partial<TotpSetupOptions<string>>;
  method?: string;
  key?: string | string[];
  headers?: Record<string, string>;
}

describe("the error table", () => {
  const OWN = "[own]";
  /** What brings each row of the table about, by its first two cells. */
  const provocations: Record<string, Asked> = {
    "401 The provided ID is not valid": { options: { authenticate: () => null } },
    "401 The X-API-Key header is missing": { key: [] },
    "401 The X-API-Key header is empty": { key: " " },
    "401 The X-API-Key header must be sent only once": { key: ["one", "two"] },
    "401 The X-API-Key header is longer than 8192 characters": { key: "k".repeat(8193) },
    "401 The X-API-Key header must be printable ASCII": { key: "clé" },
    "401 Nobody is signed in": { options: { authenticate: undefined, getUser: () => null } },
    "403 The request came from another site": {
      options: { authenticate: undefined, getUser: () => "ada" },
      headers: { "Sec-Fetch-Site": "cross-site" },
    },
    "405 Use POST": { method: "PUT" },
    "500 ": { options: { savePendingSecret: () => Promise.reject(new Error("no database")) } },
    "503 ": { options: { savePendingSecret: () => new Promise(() => {}), timeoutMs: 1 } },
    "its own its message": {
      options: {
        authenticate: () => {
          throw createHttpError(418, OWN);
        },
      },
    },
  };
  const rows = readTable(readme, ["Status", "`details`", "When", "What to do"]);

  test("has the rows that can be provoked, and no other", () => {
    expect(rows.map(([status, details]) => `${status} ${details}`)).toEqual(
      Object.keys(provocations),
    );
  });

  test.each(rows)("%s %s", async (status, details) => {
    const answer = await ask(provocations[`${status} ${details}`]);
    expect([answer.status, answer.body.details]).toEqual(
      status === "its own" ? [418, OWN] : [Number(status), details || undefined],
    );
    const more = status === "403" ? ["reason"] : [];
    const keys = ["code", ...(details ? ["details"] : []), "error", ...more];
    expect(Object.keys(answer.body)).toEqual(keys);
    if (status === "405") expect(answer.headers.allow).toBe("POST");
  });
});

/** By `node:http`, as `fetch` joins repeated headers. */
async function ask({ options, method = "POST", key = "key", headers: more }: Asked = {}) {
  const app = express().use(
    createTotpSetupRouter({
      authenticate: () => "ada",
      savePendingSecret: () => {},
      onError: () => {},
      ...options,
    }),
  );
  const server = app.listen(0);
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const headers = { "X-API-Key": key, ...more };
    const asked = request({ port, path: PATH, method, headers, agent: false }).end();
    const [response] = await once(asked, "response");
    const body = JSON.parse(Buffer.concat(await response.toArray()).toString());
    return { status: response.statusCode, headers: response.headers, body };
  } finally {
    server.close();
  }
}
