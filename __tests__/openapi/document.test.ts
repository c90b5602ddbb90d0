import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import express from "express";
import {
  createMemoryStore,
  createTotpRouter,
  createTotpService,
  TotpConfigError,
} from "express-totp-setup";
import { createOpenApiDocument } from "express-totp-setup/openapi";
import { TOTP } from "otpauth";
import request from "supertest";
import { thrownBy } from "../helpers/thrown-by.js";

const root = path.join(__dirname, "../..");
const document = createOpenApiDocument();
const NOW = Date.UTC(2026, 0, 1);

function lint(text: string) {
  const script = path.join(root, "scripts/lint-openapi.mjs");
  return spawnSync(process.execPath, [script], { input: text, encoding: "utf8" });
}

test("the static document is in step with the code (npm run openapi)", () => {
  const shipped = JSON.parse(readFileSync(path.join(root, "openapi.json"), "utf8"));
  expect(shipped).toEqual(JSON.parse(JSON.stringify(document)));
});

test("Redocly's recommended rules find nothing", () => {
  const { stdout, status } = lint(JSON.stringify(document));
  expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
}, 30_000);

test("what the rules would find is told", () => {
  const { stdout, status } = lint(JSON.stringify({ ...document, security: undefined }));
  expect(stdout).toContain("security-defined");
  expect(status).toBe(1);
}, 30_000);

test("the setup route is described in the words of the API", () => {
  expect(document.paths["/auth/v1/users/current/totp/setup"]?.post).toMatchObject({
    summary: "Begin TOTP setup",
    description:
      "Begins TOTP setup for the authenticated user: generates and returns a provisioning secret and a QR code. They are not enabled yet.",
  });
});

test("changed paths and headers are honoured", () => {
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
  [{ servers: "https://api.example.com" }, "INVALID_OPTION", "a list"],
  [{ basePath: "totp" }, "INVALID_OPTION", "a path such as"],
])("mistakes are named: %j", (options, code, message) => {
  const error = thrownBy(() => createOpenApiDocument(options as never));
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
});

describe("answers are as the document says", () => {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema({ $id: "document", ...document });
  const now = () => NOW;
  const totp = createTotpService({ store: createMemoryStore({ now }), now });
  const app = express().use(
    createTotpRouter({
      totp,
      authenticate: (key) => (key === "key" ? 1 : null),
      resolveLoginSession: (id) => (id === "login" ? 1 : null),
      issueTokens: () => ({ access_token: "token", expires_in: 3600 }),
    }),
  );
  const seen = new Set<string>();

  async function ask(method: "get" | "post" | "delete", at: string, body?: object, code?: string) {
    const asked = request(app)[method](at).set("X-API-Key", "key");
    if (code) asked.set("X-TOTP-Code", code);
    const answer = await (body ? asked.send(body) : asked);
    const escaped = at.replaceAll("/", "~1");
    const pointer = `document#/paths/${escaped}/${method}/responses/${answer.status}`;
    const described = document.paths[at]?.[method] as { responses: Record<string, object> };
    expect(Object.keys(described.responses)).toContain(String(answer.status));
    if (answer.status !== 204) {
      const validate = ajv.compile({ $ref: `${pointer}/content/application~1json/schema` });
      expect([validate(answer.body), validate.errors]).toEqual([true, null]);
    }
    seen.add(`${method} ${at}`);
    return answer;
  }

  test("through the life of an enrolment", async () => {
    const base = "/auth/v1/users/current/totp";
    const login = "/auth/v1/verify-totp";
    const { secret } = (await ask("post", `${base}/setup`)).body;
    const codeAt = (step: number) =>
      new TOTP({ secret }).generate({ timestamp: NOW + step * 30_000 });
    await ask("get", `${base}/status`);
    await ask("post", `${base}/verify`, {});
    await ask("post", `${base}/verify`, { code: codeAt(5) });
    const { backup_codes } = (await ask("post", `${base}/verify`, { code: codeAt(0) })).body;
    await ask("post", `${base}/verify`, { code: codeAt(1) });
    await ask("get", `${base}/status`);
    await ask("post", `${base}/setup`);
    await ask("post", login, { session_id: "none", code: codeAt(1) });
    await ask("post", login, { session_id: "login", code: codeAt(1) });
    await ask("post", `${base}/backup-codes/regenerate`, undefined, backup_codes[0]);
    for (let guess = 0; guess < 6; guess++) {
      await ask("post", login, { session_id: "login", code: codeAt(7) });
    }
    await ask("delete", `${base}/delete`, undefined, codeAt(1));
    await totp.unlock(1);
    await totp.disable(1);
    await ask("delete", `${base}/delete`);
    await ask("post", `${base}/backup-codes/regenerate`);
    const described = Object.entries(document.paths).flatMap(([at, operations]) =>
      Object.keys(operations).map((method) => `${method} ${at}`),
    );
    expect([...seen].sort()).toEqual(described.sort());
  });
});
