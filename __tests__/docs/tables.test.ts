// What the tables of the README say is compared with the types, and provoked.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import express from "express";
import { createTotpSetupRouter, type TotpSetupOptions } from "express-totp-setup";
import createHttpError from "http-errors";
import { declaredOptions, readTable } from "../helpers/snippets-tables.js";

const read = (name: string) => readFileSync(path.join(__dirname, "../..", name), "utf8");
const [readme, service, migration] = ["README.md", "docs/service.md", "docs/migration.md"].map(
  read,
) as [string, string, string];
const PATH = "/auth/v1/users/current/totp/setup";

const WHAT_IT_DOES = "What it does";

describe("an option table names each option with its default, and no other", () => {
  test.each([
    ["TotpSetupOptions", "Option", "## Options", readme, WHAT_IT_DOES],
    ["QrCodeOptions", "Drawing option", "## The QR code", readme, WHAT_IT_DOES],
    ["VerifyTotpInput", "Option", "## Helpers", readme, WHAT_IT_DOES],
    ["TotpServiceOptions", "Option", "## Options of the service", service, WHAT_IT_DOES],
    ["TotpRouterOptions", "Option", "## Options of the router", service, WHAT_IT_DOES],
    ["RequireTotpOptions", "Option", "## The guard", service, WHAT_IT_DOES],
    ["ExistingEnrollment", "Option", "## What to pass", migration, "What it is"],
  ])("%s", (type, column, heading, document, about) => {
    const section = document.slice(document.indexOf(`\n${heading}\n`));
    const rows = readTable(section, [column, "Default", about]);
    const declared = declaredOptions(type);
    expect(Object.keys(declared).length).toBeGreaterThan(3);
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(declared).sort());
    expect(Object.fromEntries(rows.map(([name, value]) => [name, value]))).toEqual(declared);
  });
});

interface Asked {
  options?: Partial<TotpSetupOptions<string>>;
  method?: string;
  key?: string | string[];
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
    expect(Object.keys(answer.body)).toEqual(["code", ...(details ? ["details"] : []), "error"]);
    if (status === "405") expect(answer.headers.allow).toBe("POST");
  });
});

/** By `node:http`, as `fetch` joins repeated headers. */
async function ask({ options, method = "POST", key = "key" }: Asked = {}) {
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
    const headers = { "X-API-Key": key };
    const asked = request({ port, path: PATH, method, headers, agent: false }).end();
    const [response] = await once(asked, "response");
    const body = JSON.parse(Buffer.concat(await response.toArray()).toString());
    return { status: response.statusCode, headers: response.headers, body };
  } finally {
    server.close();
  }
}
