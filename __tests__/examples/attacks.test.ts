// The examples of signing in are attacked with the kit that apps are given.
import { createMemoryStore, createTotpService } from "express-totp-setup";
import { type TestClient, testTwoFactorApp } from "express-totp-setup/testing";
import { enroll, isOk, routes, runnerThatSkips, sendTo } from "../helpers/attacked.js";
import { type LoginExamples, loadLoginExamples, stopClock } from "../helpers/login-examples.js";
import type { TestClock } from "../helpers/service.js";

const PASSWORD = "correct horse battery staple";
const examples = loadLoginExamples("express");
let users = 0;

/** An example, and what the kit has to know of it. */
function attacked(create: LoginExamples["createPassportApp"]) {
  const store = createMemoryStore();
  const totp = createTotpService({ store, issuer: "Acme", qrCode: "uri" });
  let clock: TestClock;
  beforeAll(() => {
    clock = stopClock();
  });
  afterAll(() => jest.restoreAllMocks());

  async function createUserWithoutTotp() {
    const email = `user-${users++}@example.com`;
    return { ...(await examples.addUser(email, PASSWORD)), email };
  }
  return {
    ...routes,
    request: sendTo(create(store)),
    createUserWithoutTotp,
    async createUser() {
      const user = await createUserWithoutTotp();
      return { ...user, ...(await enroll(totp, user.id)) };
    },
    login: (client: TestClient, email: string) =>
      client.send("POST /login", { json: { email, password: PASSWORD } }),
    setupWithinSeconds: 300,
    lockAfter: 5,
    advance: (seconds: number) => clock.advance(seconds),
  };
}

describe("Passport", () => {
  const { login, ...options } = attacked((store) => examples.createPassportApp(store));
  testTwoFactorApp(
    { describe, it },
    {
      ...options,
      signIn: async (client, { email }) =>
        (await login(client, email)).json<{ session_id?: string }>().session_id,
      sendBackupCode: routes.sendCode,
      isSignedIn: (client) => isOk(client.send("GET /account")),
      fresh: { transfer: (client) => isOk(client.send("POST /transfers")) },
      stepUp: routes.stepUp,
    },
  );
});

describe("JWT", () => {
  const { login, ...options } = attacked((store) => examples.createJwtApp(store));
  const keepToken = (client: TestClient, { access_token }: { access_token?: string }) => {
    if (access_token) client.headers.Authorization = `Bearer ${access_token}`;
  };
  const sendCode = async (client: TestClient, code: string, sessionId: string | undefined) =>
    keepToken(client, (await routes.sendCode(client, code, sessionId)).json());

  testTwoFactorApp(
    runnerThatSkips(["calls that require a code from the last few minutes (skipped: set fresh)"]),
    {
      ...options,
      async signIn(client, { email }) {
        const body = (await login(client, email)).json<Partial<Record<string, string>>>();
        keepToken(client, body);
        return body.session_id;
      },
      sendCode,
      sendBackupCode: sendCode,
      isSignedIn: (client) => isOk(client.send("GET /account")),
      guarded: {
        ...routes.guarded,
        transfer: (client, code) =>
          isOk(client.send("POST /transfers", { headers: { "X-TOTP-Code": code } })),
      },
    },
  );
});
