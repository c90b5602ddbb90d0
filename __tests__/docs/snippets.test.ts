// Every code block of the documentation is type-checked and run, and every answer that it shows is compared.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateSync } from "otplib";
import { PNG } from "pngjs";
import { itWith } from "../helpers/programs.js";
import { programOf, readSnippets, type Snippet } from "../helpers/snippets.js";
import { type Program, startProgram, stopPrograms } from "../helpers/snippets-program.js";

const root = path.join(__dirname, "../..");
const SETUP = "/auth/v1/users/current/totp/setup";
const KEY = { "X-API-Key": "demo-key" };

/** A program of the documentation that listens. */
interface Served {
  url: string;
  program: Program;
  /** What the documentation shows as an answer of this program. */
  shown(name: string): Record<string, unknown>;
}

/** How the programs that listen are used; the others only have to run to their end. */
const uses: Record<string, (served: Served) => Promise<void>> = {
  async "README.md: first"({ url, shown }) {
    const accepted = await post(url + SETUP, KEY);
    const example = shown("accepted");
    expect(accepted.status).toBe(200);
    expect(Object.keys(accepted.body)).toEqual(Object.keys(example));
    expect(String(example.secret)).toMatch(/^[A-Z2-7]{32}$/);
    expect(accepted.body.secret).toMatch(/^[A-Z2-7]{32}$/);
    const [prefix = ""] = String(example.qr_code_url).split("…");
    expect(prefix).toMatch(/^data:image\/png;base64,.+/);
    expect(accepted.body.qr_code_url.startsWith(prefix)).toBe(true);
    expect(readQrCode(accepted.body.qr_code_url)).toBe(
      `otpauth://totp/Acme:ada%40example.com?secret=${accepted.body.secret}&issuer=Acme`,
    );

    const rejected = await post(url + SETUP, { "X-API-Key": "stolen" });
    expect(rejected.status).toBe(401);
    expect(JSON.stringify(rejected.body)).toBe(JSON.stringify(shown("rejected")));
  },

  async "README.md: sessions"({ url }) {
    const setup = await post(url + SETUP, {});
    expect(setup.status).toBe(200);
    expect(readQrCode(setup.body.qr_code_url)).toContain("ada%40example.com");
    expect(await postStatus(url + SETUP, { "Sec-Fetch-Site": "cross-site" })).toBe(403);
  },

  async "docs/setup-route.md: first"({ url }) {
    expect((await post(url + SETUP, KEY)).status).toBe(200);
  },

  async "docs/setup-route.md: cors"({ url }) {
    const answer = await fetch(`${url}/cors${SETUP}`, { method: "OPTIONS" });
    expect(answer.status).toBe(204);
    const { status, headers } = await send(`${url}/cors${SETUP}`, KEY);
    expect([status, headers.get("access-control-expose-headers")]).toEqual([200, "Retry-After"]);
  },

  async "docs/setup-route.md: confirm"({ url, program }) {
    const confirm = (code: unknown, headers = KEY) =>
      postStatus(`${url}/totp/confirm`, headers, { code });
    expect(await confirm("000000", { "X-API-Key": "stolen" })).toBe(401);
    expect(await confirm("000000")).toBe(409);

    const expiring = (await post(url + SETUP, KEY)).body.secret;
    await program.advanceClock(601_000);
    expect(await confirm(codeOf(expiring, 601))).toBe(409);

    const { secret } = (await post(url + SETUP, KEY)).body;
    expect(await confirm(undefined)).toBe(422);
    expect(await confirm(codeOf(expiring, 601))).toBe(422);
    expect(await confirm(codeOf(secret, 601))).toBe(204);
    await post(url + SETUP, KEY);
    expect(await confirm(codeOf(secret, 601))).toBe(403);
  },

  async "docs/setup-route.md: login"({ url }) {
    const login = (code: string) => postStatus(`${url}/login/code`, KEY, { code });
    const { secret } = (await post(url + SETUP, KEY)).body;
    const first = codeOf(secret);
    expect(await login(first)).toBe(401);
    expect(await postStatus(`${url}/totp/confirm`, KEY, { code: first })).toBe(204);
    expect(await login(first)).toBe(401);
    const next = codeOf(secret, 30);
    expect(await login(next)).toBe(204);
    expect(await login(next)).toBe(401);
  },

  "README.md: life-cycle": guardTransfers,
  "docs/getting-started.md: keys": guardTransfers,

  async "docs/http-api.md: router"({ url }) {
    const { secret } = (await post(url + SETUP, KEY)).body;
    const begin = async () => (await post(`${url}/login`, {})).body;
    expect(await begin()).toEqual({});
    await post(`${url}/auth/v1/users/current/totp/verify`, KEY, { code: codeOf(secret) });
    const login = { ...(await begin()), code: codeOf(secret, 30) };
    const { body } = await post(`${url}/auth/v1/verify-totp`, {}, login);
    expect(body).toEqual({ access_token: "token-of-1", token_type: "Bearer" });
  },

  async "docs/http-api.md: errors"({ url }) {
    const { status, body } = await post(`${url}/api${SETUP}`, KEY);
    expect([status, body]).toEqual([401, { problem: "other" }]);
  },

  async "docs/guard.md: freshness"({ url, program }) {
    const signedIn = await send(`${url}/login`, {});
    const Cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const transfer = () => postStatus(`${url}/transfers`, { Cookie });
    expect(await transfer()).toBe(403);
    const { secret } = (await post(url + SETUP, { Cookie })).body;
    const code = codeOf(secret);
    await post(`${url}/auth/v1/users/current/totp/verify`, { Cookie }, { code });
    expect(await transfer()).toBe(204);
    const other = (await send(`${url}/login`, {})).headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect(await postStatus(`${url}/transfers`, { Cookie: other })).toBe(403);
    await program.advanceClock(301_000);
    expect(await transfer()).toBe(403);
  },

  async "docs/guard.md: step-up"({ url }) {
    const visitor = new Visitor(url);
    await visitor.post("/login");
    const setup = "/two-factor/setup?to=%2Fpayouts";
    expect(await visitor.get("/payouts")).toMatchObject({ status: 303, location: setup });
    const { key } = await visitor.post("/two-factor/setup");
    await visitor.post("/two-factor/setup/confirm", { key, code: codeOf(key) });
    expect((await visitor.get("/payouts")).text).toBe("Your payouts");
  },

  async "docs/guard.md: remember"({ url }) {
    const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const Cookie = cookieOf(await send(`${url}/login`, {}));
    const { secret } = (await post(url + SETUP, { Cookie })).body;
    const verify = `${url}/auth/v1/users/current/totp/verify`;
    await post(verify, { Cookie }, { code: codeOf(secret) });
    const login = { session_id: "forged", code: codeOf(secret, 30) };
    const { status, body } = await post(`${url}/login/code`, {}, login);
    expect([status, body]).toEqual([401, { reason: "unknown_session" }]);
  },

  async "docs/guard.md: guard"({ url }) {
    const transfer = (headers: Record<string, string>) => post(`${url}/transfers`, headers);
    const code = { "X-TOTP-Code": "123456" };
    expect(await transfer({ ...KEY, ...code })).toMatchObject({
      status: 403,
      body: { reason: "not_enabled" },
    });
    expect((await transfer({ "X-API-Key": "stolen", ...code })).status).toBe(401);
  },

  async "docs/http-api.md: openapi"({ url }) {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(document.paths)).toContain("/two-factor/setup");
  },

  async "docs/faq.md: cors"({ url }) {
    const origin = "https://app.example.com";
    const preflight = await fetch(url + SETUP, {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-api-key",
      },
    });
    expect(preflight.status).toBe(204);
    const { status, headers } = await send(url + SETUP, { ...KEY, Origin: origin });
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-expose-headers")).toBe("Retry-After");
  },

  async "docs/administrators.md: admin"({ url }) {
    const headers = { "X-Admin-Key": "demo-admin" };
    expect(await postStatus(`${url}/admin/users/1/unlock`, {})).toBe(403);
    const list = await fetch(`${url}/admin/users`, { headers });
    const off = { isEnabled: false, backupCodesRemaining: 0 };
    expect(await list.json()).toEqual([{ id: 1, email: ADA.email, ...off }]);
    const unlocked = await post(`${url}/admin/users/1/unlock`, headers);
    expect(unlocked.body).toEqual({ ok: true, changed: false });
    const turnedOff = await post(`${url}/admin/users/1/turn-off`, headers);
    expect(turnedOff.body).toEqual({ ok: true, wasEnabled: false });
    const reset = await post(`${url}/admin/users/1/reset`, headers);
    expect(reset.body).toEqual({ ok: true, changed: false });
    expect(await postStatus(`${url}/admin/users/7/turn-off`, headers)).toBe(404);
  },

  async "docs/login.md: passport"({ url, program }) {
    const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const account = (Cookie: string) => fetch(`${url}/account`, { headers: { Cookie } });
    expect(await postStatus(`${url}/login`, {}, { ...ADA, password: "x" })).toBe(401);
    const signedIn = await send(`${url}/login`, {}, ADA);
    expect(await signedIn.json()).toEqual({ signed_in: true });
    const Cookie = cookieOf(signedIn);
    expect(await (await account(Cookie)).json()).toEqual({ email: ADA.email });
    const stolen = cookieOf(await send(`${url}/login`, {}, ADA));
    const { secret, qr_code_url } = (await post(url + SETUP, { Cookie })).body;
    expect(readQrCode(qr_code_url)).toContain("Acme:ada%40example.com");
    expect((await account(stolen)).status).toBe(200);
    await program.advanceClock(30_000);
    const verify = `${url}/auth/v1/users/current/totp/verify`;
    const confirmed = await send(verify, { Cookie }, { code: codeOf(secret, 30) });
    expect((await account(cookieOf(confirmed))).status).toBe(200);
    expect((await account(stolen)).status).toBe(401);

    const begun = await send(`${url}/login`, {}, ADA);
    const { session_id } = (await begun.json()) as { session_id: string };
    expect((await account(cookieOf(begun))).status).toBe(401);
    const login = `${url}/auth/v1/verify-totp`;
    expect(await postStatus(login, {}, { session_id, code: codeOf(secret, 30) })).toBe(401);
    const done = await send(login, {}, { session_id, code: codeOf(secret, 60) });
    expect(await done.json()).toEqual({ signed_in: true });
    expect((await account(cookieOf(done))).status).toBe(200);
  },

  async "docs/pages.md: guard"({ url }) {
    const visitor = new Visitor(url);
    expect(await visitor.get("/two-factor")).toMatchObject({ location: "/sign-in" });
    expect(await visitor.post("/sign-in", { ...ADA, password: "x" })).toMatchObject({
      status: 401,
    });
    expect(await visitor.post("/sign-in", ADA)).toMatchObject({ status: 303, location: "/" });
    const { location: setup } = await visitor.get("/payouts");
    expect(setup).toBe("/two-factor/setup?to=%2Fpayouts");
    const { key, text } = await visitor.post("/two-factor/setup", { to: "/payouts" });
    expect(text).toContain(`otpauth://totp/Acme:ada%40example.com?secret=${key}`);
    const fields = { key, to: "/payouts", code: codeOf(key) };
    const done = await visitor.post("/two-factor/setup/confirm", fields);
    expect(done.text).toContain('href="/payouts">I have saved them');
    expect((await visitor.get("/payouts")).text).toBe("Your payouts");

    const other = new Visitor(url);
    expect(await other.post("/sign-in", ADA)).toMatchObject({ location: "/two-factor/login" });
    expect(await other.get("/")).toMatchObject({ status: 303, location: "/sign-in" });
    expect(await other.post("/two-factor/login", { code: "000" })).toMatchObject({ status: 400 });
    const code = codeOf(key, 30);
    const trusting = { code, trust_device: "yes" };
    expect(await other.post("/two-factor/login", trusting)).toMatchObject({ location: "/" });
    expect((await other.get("/")).text).toBe("Signed in as ada@example.com");
    expect((await other.get("/payouts")).text).toBe("Your payouts");
    // The device is trusted, and the session that it begins is not fresh.
    expect(await other.post("/sign-in", ADA)).toMatchObject({ location: "/" });
    const stepUp = "/two-factor/step-up?to=%2Fpayouts";
    expect(await other.get("/payouts")).toMatchObject({ status: 303, location: stepUp });
  },

  async "docs/pages.md: must-enroll"({ url }) {
    const visitor = new Visitor(url);
    const login = "/two-factor/login";
    expect(await visitor.post("/sign-in", ADA)).toMatchObject({ location: login });
    const { key, text } = await visitor.post(`${login}/setup`);
    expect(text).toContain("otpauth://totp/Acme:ada%40example.com?");
    const done = await visitor.post(login, { key, code: codeOf(key) });
    expect(done.text).toContain("Backup codes");
    expect((await visitor.get("/two-factor")).text).toContain("On since");
    expect((await visitor.get("/")).text).toBe("<p>Welcome</p>");
  },

  async "docs/pages.md: own-page"({ url }) {
    const visitor = new Visitor(url);
    await visitor.post("/sign-in", ADA);
    const { key } = await visitor.post("/two-factor/setup");
    await visitor.post("/two-factor/setup/confirm", { key, code: codeOf(key) });
    const path = "/my/backup-codes";
    expect((await visitor.get(path)).text).toContain("New backup codes");
    const used = await visitor.post(path, { code: codeOf(key) });
    expect(used).toMatchObject({ status: 403, text: expect.stringContaining("wrong_code.") });
    const { text } = await visitor.post(path, { code: codeOf(key, 30) });
    expect(text).toMatch(/^<pre>(?:(?:[\dA-Z]{4}-){3}[\dA-Z]{4}\n?){10}<\/pre>$/);
  },

  async "docs/setup-route.md: names"({ url, program }) {
    const answer = await post(`${url}/north/totp/setup`, { "X-API-Key": "ines-key" });
    expect(readQrCode(answer.body.qr_code_url)).toBe(
      `otpauth://totp/Acme%20north:ines%40example.com?secret=${answer.body.secret}&issuer=Acme%20north`,
    );
    await program.printed(/ines@example\.com has until \d{4}-/);
    expect((await post(`${url}/south/totp/setup`, { "X-API-Key": "ines-key" })).status).toBe(401);
  },

  async "docs/setup-route.md: qr-code"({ url }) {
    const large = (await post(`${url}/large${SETUP}`, KEY)).body;
    expect(large.qr_code_url).toMatch(/^data:image\/svg\+xml/);
    const blue = (await post(`${url}/blue${SETUP}`, KEY)).body;
    expect(readQrCode(blue.qr_code_url)).toContain(`secret=${blue.secret}`);
  },

  async "docs/setup-route.md: refusing"({ url }) {
    const { status, body } = await post(`${url}/on${SETUP}`, KEY);
    const details = "Two-factor authentication is already on";
    expect({ status, body }).toEqual({
      status: 403,
      body: { code: 403, details, error: "Forbidden" },
    });
  },

  async "docs/setup-route.md: commonjs"({ url }) {
    const { status, body } = await post(`${url}/api${SETUP}`, KEY);
    expect(status).toBe(200);
    expect(readQrCode(body.qr_code_url)).toBe(`otpauth://totp/ada?secret=${body.secret}`);
  },
};

async function guardTransfers({ url }: Served) {
  const { secret } = (await post(url + SETUP, KEY)).body;
  const transfer = (code?: string) =>
    postStatus(`${url}/transfers`, { ...KEY, ...(code && { "X-TOTP-Code": code }) });
  expect(await transfer()).toBe(403);
  const confirmed = await post(`${url}/auth/v1/users/current/totp/verify`, KEY, {
    code: codeOf(secret),
  });
  expect(confirmed.status).toBe(200);
  expect(confirmed.body.backup_codes).toHaveLength(10);
  expect(await transfer(codeOf(secret))).toBe(403);
  expect(await transfer(codeOf(secret, 30))).toBe(200);
}

const ADA = { email: "ada@example.com", password: "correct horse" };

/** Keeps cookies and sends forms, as a browser does. */
class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly url: string) {}

  get(at: string) {
    return this.send(at, {});
  }

  post(at: string, fields: Record<string, string> = {}) {
    return this.send(at, { method: "POST", body: new URLSearchParams(fields) });
  }

  private async send(at: string, init: RequestInit) {
    const Cookie = [...this.cookies].map((cookie) => cookie.join("=")).join("; ");
    const headers = { Cookie, Accept: "text/html", Origin: this.url };
    const response = await fetch(this.url + at, { ...init, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.cookies.set(name, value);
    }
    const text = await response.text();
    const key = /data-totp-text="([A-Z2-7]{32})"/.exec(text)?.[1] ?? "";
    return { status: response.status, location: response.headers.get("Location"), text, key };
  }
}

/** What else a program that does not listen is to print, and what that is compared with. */
const outcomes: Record<string, { print: string; expected: unknown }> = {
  "docs/setup-route.md: helpers": {
    print: "[secret, uri.replace(secret, '…'), url, step === undefined ? 'none' : 'step']",
    expected: [
      expect.stringMatching(/^[A-Z2-7]{32}$/),
      "otpauth://totp/Acme:ada%40example.com?secret=…&issuer=Acme",
      expect.stringMatching(/^data:image\/svg\+xml/),
      expect.stringMatching(/^(none|step)$/),
    ],
  },
};

/** What a program that does not listen prints by itself. */
const outputs: Record<string, string> = {
  "docs/events.md: notified": [
    "Two-factor authentication was turned on.",
    "A device is trusted now: signing in on it requires no code.",
    "Two-factor authentication was turned off.",
  ]
    .map((text) => `ada@example.com: ${text}\n`)
    .join(""),
  "README.md: login": "Sign in user 1: TOTP is off\n",
  "docs/administrators.md: must-enroll": "true true\n",
  "docs/migration.md: at-login": "true\n",
  "docs/login.md: device": "false\n",
  "docs/encryption.md: reencrypt": "0 values were changed { unreadable: [] }\n",
  "docs/migration.md: speakeasy": "true\ntrue\ntrue\n",
  "docs/migration.md: otplib": "true\n",
  "docs/migration.md: passport-totp": "",
  "docs/testing-your-app.md: enrolled": "true\n",
};

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...["docs", "examples"]
    .filter((name) => existsSync(path.join(root, name)))
    .flatMap((name) =>
      readdirSync(path.join(root, name), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
        .map((file) => `${name}/${file}`),
    ),
].map((name) => ({ name, snippets: readSnippets(readFileSync(path.join(root, name), "utf8")) }));

/** Passport declares `req.user`, which other programs declare otherwise. */
const WITH_PASSPORT = "*-passport.ts";

// Outside the repository, so that the snippets import the package by its name as its users do.
const folder = mkdtempSync(path.join(tmpdir(), "snippets-"));

beforeAll(() => {
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  const compilerOptions = {
    allowJs: true,
    checkJs: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    types: ["node"],
  };
  const shared = { extends: path.join(root, "tsconfig.json"), compilerOptions };
  const declarations = path.join(root, "lib/**/*.d.ts");
  const configs = {
    "tsconfig.json": { include: ["*.ts", "*.cjs", declarations], exclude: [WITH_PASSPORT] },
    "tsconfig.passport.json": { include: [WITH_PASSPORT, declarations] },
  };
  for (const [name, config] of Object.entries(configs)) {
    writeFileSync(path.join(folder, name), JSON.stringify({ ...shared, ...config }));
  }
  for (const { name, snippets } of documents) {
    for (const snippet of snippets.filter(isProgram)) {
      const print = outcomes[idOf(name, snippet)]?.print;
      const epilogue = print ? `console.log(JSON.stringify(${print}));\n` : "";
      writeFileSync(fileOf(name, snippet), programOf(snippet, snippets) + epilogue);
    }
  }
});

afterEach(stopPrograms);
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["tsconfig.json", "tsconfig.passport.json"])(
  "all programs of %s are well typed",
  (config) => {
    const tsc = path.join(root, "node_modules/typescript/bin/tsc");
    const args = [tsc, "-p", path.join(folder, config)];
    const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(stdout).toBe("");
  },
);

test("every use and outcome is of a program that exists", () => {
  const names = documents.flatMap(({ name, snippets }) => snippets.map((s) => idOf(name, s)));
  expect(names).toEqual(expect.arrayContaining(Object.keys({ ...uses, ...outcomes, ...outputs })));
});

describe.each(documents)("$name", ({ name: document, snippets }) => {
  const programs = snippets.filter(isProgram);
  const commands = snippets.filter(({ language, relation }) => language === "sh" && !relation);
  const questions = snippets.filter(({ relation }) => relation === "asks");
  const copies = snippets.filter(({ relation }) => relation === "from");

  testEach(copies)("line $line, $name: is what $other has", ({ code, other }) => {
    const file = path.join(root, path.dirname(document), String(other));
    expect(code).toBe(readFileSync(file, "utf8"));
  });

  testEach(programs)("line $line, $name: runs", async (snippet) => {
    const answers = snippets.filter((s) => s.relation === "answers" && s.other === snippet.name);
    const compared = new Set<string>();
    const shown = (name: string) => {
      compared.add(name);
      return JSON.parse(answers.find((answer) => answer.name === name)?.code ?? "");
    };
    const use = uses[idOf(document, snippet)];
    const { program, url } = await start(document, snippet);
    if (url !== undefined) {
      if (!use) throw new Error("this program listens, and no test asks it anything");
      await use({ url, program, shown });
      program.kill("SIGTERM");
    }
    const ended = await program.ended;
    expect(ended).toMatchObject({ stderr: "", ...(!url && { status: 0 }) });
    const output = outputs[idOf(document, snippet)];
    if (output !== undefined) expect(ended.stdout).toBe(output);
    const outcome = outcomes[idOf(document, snippet)];
    if (outcome) expect(JSON.parse(ended.stdout)).toEqual(outcome.expected);
    expect([...compared]).toEqual(answers.map(({ name }) => name));
  });

  for (const { line, name, code, other } of questions) {
    itWith("curl", `line ${line}, ${name}: is answered with 200`, async () => {
      const asked = programs.find(({ name }) => name === other);
      if (!asked) throw new Error(`${other} is no program`);
      const { url = "" } = await start(document, asked);
      const command = code
        .replaceAll("http://localhost:3000", url)
        .replace("curl ", "curl --silent --show-error --fail ");
      expect(command).toContain(`${url}/`);
      const { stdout, stderr } = spawnSync("sh", ["-e"], { input: command, encoding: "utf8" });
      expect(stderr).toBe("");
      expect(Object.keys(JSON.parse(stdout))).toEqual(["qr_code_url", "secret"]);
    });
  }

  // Run, these would install the package into itself or test it within its own tests.
  for (const { line, name: title, code } of commands) {
    test(`line ${line}, ${title}: has commands that exist`, () => checkCommands(code));
  }
});

function checkCommands(code: string): void {
  const { name, peerDependencies, scripts } = JSON.parse(
    readFileSync(path.join(root, "package.json"), "utf8"),
  );
  expect(Object.keys(peerDependencies)).toContain("express");
  const known = [
    "npm ci",
    ...Object.keys(scripts).flatMap((script) => [`npm ${script}`, `npm run ${script}`]),
  ];
  const used = code.split("\n").flatMap((line) => line.replace(/#.*/, "").split("&&"));
  const isInstall = (command: string) => {
    const [, packages = ""] = /^npm install (?:--save-dev )?([^-].*)$/.exec(command) ?? [];
    const isThere = (each: string) => existsSync(path.join(root, "node_modules", each));
    return packages !== "" && packages.split(" ").every((each) => each === name || isThere(each));
  };
  const commands = used.map((each) => each.trim()).filter((each) => each && !isInstall(each));
  expect(known).toEqual(expect.arrayContaining(commands));
}

/** As `test.each`, which takes no empty list: a document has not every kind of blocks. */
function testEach(snippets: readonly Snippet[]) {
  return snippets.length > 0 ? test.each(snippets) : () => {};
}

function isProgram({ language, relation }: Snippet): boolean {
  return relation !== "from" && (language === "ts" || language === "js");
}

function idOf(document: string, { name }: Snippet): string {
  return `${document}: ${name}`;
}

function fileOf(document: string, { name, language }: Snippet): string {
  const extension = language === "js" ? "cjs" : "ts";
  return path.join(folder, `${document.replace(/\W/g, "-")}-${name}.${extension}`);
}

async function start(
  document: string,
  snippet: Snippet,
): Promise<{ program: Program; url?: string }> {
  const program = startProgram(fileOf(document, snippet), {
    cwd: folder,
    env: { TOTP_KEY: randomBytes(32).toString("base64") },
    preload: ["snippets-listen", "snippets-clock"],
  });
  const port = (await program.told())?.port;
  return { program, ...(port !== undefined && { url: `http://localhost:${port}` }) };
}

async function send(url: string, headers: Record<string, string>, body?: object) {
  return fetch(url, {
    method: "POST",
    headers: { ...headers, ...(body && { "Content-Type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function post(url: string, headers: Record<string, string>, body?: object) {
  const response = await send(url, headers, body);
  const answer = (await response.json()) as Record<"qr_code_url" | "secret", string> &
    Record<string, unknown>;
  return { status: response.status, body: answer };
}

async function postStatus(url: string, headers: Record<string, string>, body?: object) {
  return (await send(url, headers, body)).status;
}

/** The code that an authenticator app shows now, or will show then. */
function codeOf(secret: string, secondsAhead = 0): string {
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + secondsAhead });
}

function readQrCode(dataUrl: string): string | undefined {
  const { data, width, height } = PNG.sync.read(Buffer.from(dataUrl.split(",")[1] ?? "", "base64"));
  // Compiled from an ES module: what is the default export here depends on who imports it.
  const jsQR: typeof import("jsqr").default = require("jsqr").default;
  return jsQR(new Uint8ClampedArray(data), width, height)?.data;
}
