import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { TotpConfigError } from "express-totp-setup";
import { createOpenApiDocument } from "express-totp-setup/openapi";
import type { Operations } from "../helpers/openapi-document.js";
import { thrownBy } from "../helpers/thrown-by.js";

const root = path.join(__dirname, "../..");
const document = createOpenApiDocument();

function lint(text: string) {
  const script = path.join(root, "scripts/lint-openapi.mjs");
  return spawnSync(process.execPath, [script], { input: text, encoding: "utf8" });
}

test("the static document is in step with the code (npm run openapi)", () => {
  const shipped = JSON.parse(readFileSync(path.join(root, "openapi.json"), "utf8"));
  expect(shipped).toEqual(JSON.parse(JSON.stringify(document)));
});

test("the strict rules of Redocly and spectral:oas find nothing", () => {
  const { stdout, status } = lint(JSON.stringify(document));
  expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
}, 30_000);

test.each([
  ["Redocly", { security: undefined }, "security-defined"],
  ["Spectral", { info: { ...document.info, contact: undefined } }, "info-contact"],
])(
  "what %s finds is printed",
  (_, change, rule) => {
    const { stdout, status } = lint(JSON.stringify({ ...document, ...change }));
    expect(stdout).toContain(rule);
    expect(status).toBe(1);
  },
  30_000,
);

test("every operation has a 405, with what its path allows", () => {
  const allowed = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations as Operations).map(([method, { responses }]) => [
      path,
      method,
      responses[405]?.headers.Allow?.schema,
    ]),
  );
  expect(allowed).toHaveLength(9);
  for (const [, method, schema] of allowed) {
    const allow = method === "get" ? "GET, HEAD" : String(method).toUpperCase();
    expect(schema).toEqual({ type: "string", const: allow });
  }
});

test("the contact is the app's", () => {
  const contact = { name: "Acme", email: "api@acme.test", url: undefined };
  const { info } = createOpenApiDocument({ title: "Acme API", contact });
  expect(info).toMatchObject({ contact: { name: "Acme", email: "api@acme.test" } });
  expect(createOpenApiDocument({ title: "Acme API" }).info).toMatchObject({
    contact: { name: "Acme API" },
  });
});

test("the setup route is described in the words of the API", () => {
  expect(document.paths["/auth/v1/users/current/totp/setup"]?.post).toMatchObject({
    summary: "Begin TOTP setup",
    description:
      "Begins TOTP setup for the authenticated user: generates and returns a provisioning secret and a QR code. They are not enabled yet.",
  });
});

test("changed paths and headers are honored", () => {
  const changed = createOpenApiDocument({
    basePath: "/:tenant/two-factor",
    loginPath: "/second-step",
    apiKeyHeader: "X-Token",
    servers: ["https://api.acme.test"],
  });
  expect(Object.keys(changed.paths)).toEqual([
    "/{tenant}/two-factor/setup",
    "/{tenant}/two-factor/verify",
    "/{tenant}/two-factor/status",
    "/{tenant}/two-factor/delete",
    "/{tenant}/two-factor/backup-codes/regenerate",
    "/{tenant}/two-factor/step-up",
    "/{tenant}/two-factor/devices",
    "/{tenant}/two-factor/devices/{id}",
    "/second-step",
  ]);
  expect(changed.components.securitySchemes?.apiKey).toMatchObject({ name: "X-Token" });
  expect(changed.servers).toEqual([{ url: "https://api.acme.test" }]);
  expect(lint(JSON.stringify(changed)).stdout).toBe("");
  expect(Object.keys(createOpenApiDocument({ routes: ["setup"] }).paths)).toHaveLength(1);
}, 30_000);

test.each([
  [{ basePth: "/x" }, "UNKNOWN_OPTION", "Did you mean basePath?"],
  [{ routes: ["sign-in"] }, "INVALID_OPTION", "setup, verify"],
  [{ servers: "https://api.example.com" }, "INVALID_OPTION", "a non-empty array"],
  [{ servers: [""] }, "INVALID_OPTION", "servers: expected a non-empty string"],
  [{ title: " " }, "INVALID_OPTION", "title: expected a non-empty string"],
  [{ version: 2 }, "INVALID_OPTION", "version: expected a non-empty string"],
  [{ basePath: "totp" }, "INVALID_OPTION", "a path such as"],
  [{ path: "/setup/*" }, "INVALID_OPTION", "a path such as"],
  [{ contact: "api@acme.test" }, "INVALID_OPTION", "an object with a name"],
  [{ contact: {} }, "INVALID_OPTION", "an object with a name"],
  [{ contact: { mail: "api@acme.test" } }, "INVALID_OPTION", "an object with a name"],
  [{ contact: { name: " " } }, "INVALID_OPTION", "an object with a name"],
])("mistakes are named: %j", (options, code, message) => {
  const error = thrownBy(() => createOpenApiDocument(options as never));
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
});

test("an app with the setup route alone is asked for no code", () => {
  const alone = createOpenApiDocument({ routes: ["setup"], path: "/users/:id/2fa" });
  expect(Object.keys(alone.paths)).toEqual(["/users/{id}/2fa"]);
  expect(alone.paths["/users/{id}/2fa"]?.post).toMatchObject({
    parameters: [{ name: "id", in: "path" }],
  });
  expect(JSON.stringify(alone)).not.toMatch(/X-TOTP-Code|log-?in|sign-?in|confirm|TOTP is o/i);
  expect(lint(JSON.stringify(alone)).stdout).toBe("");
}, 30_000);
