// The demo, in a process of its own, is attacked with the kit that apps are given.
import { randomUUID } from "node:crypto";
import { type TestClient, testTwoFactorApp } from "express-totp-setup/testing";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { type Demo, startDemo } from "./start-demo.js";
import { Visitor } from "./visitor.js";

const PASSWORD = "analytical-engine";
let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
}, 60_000);
afterAll(stopPrograms);

const post = (client: TestClient, path: string, form: object) =>
  client.send(`POST ${path}`, { form, headers: { "Sec-Fetch-Site": "same-origin" } });
const isDone = async (response: ReturnType<typeof post>) => (await response).status < 400;
const sendCode = (client: TestClient, code: string) => post(client, "/two-factor/login", { code });
const isSignedIn = async (client: TestClient) => (await client.send("GET /")).status === 200;

const signIn = async (client: TestClient, { email }: { email: string }) => {
  await post(client, "/sign-in", { email, password: PASSWORD });
};
const beginSetup = async (client: TestClient) =>
  /class="totp-key" data-totp-text="(\w+)"/.exec(
    (await post(client, "/two-factor/setup", {})).text,
  )?.[1];
async function confirmSetup(client: TestClient, code: string) {
  return backupCodesOn((await post(client, "/two-factor/setup/confirm", { code })).text);
}

function backupCodesOn(html: string): string[] {
  return [...html.matchAll(/<li data-totp-text="([\dA-Z-]{19})">/g)].map(([, each = ""]) => each);
}

async function createUserWithoutTotp() {
  const email = `${randomUUID()}@example.com`;
  await new Visitor(demo).post("/sign-up", { email, password: PASSWORD });
  return { email };
}

testTwoFactorApp(
  { describe, it },
  {
    url: () => demo.url,
    createUserWithoutTotp,
    async createUser() {
      const account = { email: `${randomUUID()}@example.com`, password: PASSWORD };
      const visitor = new Visitor(demo);
      await visitor.post("/sign-up", account);
      const secret = await visitor.beginSetup();
      const confirmationCode = demo.code(secret);
      const confirm = { code: confirmationCode, key: secret };
      const { text } = await visitor.post("/two-factor/setup/confirm", confirm);
      return { ...account, secret, confirmationCode, backupCodes: backupCodesOn(text) };
    },
    signIn,
    sendCode,
    sendBackupCode: sendCode,
    isSignedIn,
    guarded: {
      "new backup codes": (client, code) =>
        isDone(post(client, "/two-factor/backup-codes", { code })),
    },
    fresh: { payouts: async (client) => (await client.send("GET /payouts")).status === 200 },
    stepUp: (client, code) => post(client, "/two-factor/step-up", { code, to: "/payouts" }),
    disable: (client, code) => isDone(post(client, "/two-factor/turn-off", { code })),
    changes: {
      "a device is revoked": (client) =>
        isDone(post(client, "/two-factor/devices", { id: "none" })),
    },
    beginSetup,
    confirmSetup,
    setupWithinSeconds: 600,
    paths: ["/", "/payouts", "/two-factor", "/two-factor/setup"],
    now: () => demo.now(),
    advance: (seconds) => demo.advance(seconds),
    lockAfter: 5,
    parallel: 5,
  },
);
