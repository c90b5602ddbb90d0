import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { createMemoryStore, createTotpService, generateSecret } from "express-totp-setup";
import { testTwoFactorApp } from "express-totp-setup/testing";
import { createLoginApp } from "./login.js";

let time = Date.now();
const now = () => time;
const totp = createTotpService({ store: createMemoryStore({ now }), issuer: "Acme", now });
const server = createLoginApp(totp).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => server.close());

testTwoFactorApp(
  { describe, it },
  {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async createUser() {
      const [email, secret] = [`${randomUUID()}@example.com`, generateSecret()];
      await totp.importEnrollment(email, { secret, encoding: "base32" });
      return { email, secret };
    },
    signIn: async (client, { email }) =>
      (await client.send("POST /login", { json: { email } })).json(),
    sendCode: (client, code, { session_id }) =>
      client.send("POST /auth/v1/verify-totp", { json: { session_id, code } }),
    isSignedIn: async (client) => (await client.send("GET /account")).status === 200,
    guarded: {
      transfer: async (client, code) =>
        (await client.send("POST /transfers", { headers: { "X-TOTP-Code": code } })).status === 204,
    },
    now,
    advance: (seconds) => {
      time += seconds * 1000;
    },
  },
);
