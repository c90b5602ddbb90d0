import type { TestUser, TwoFactorAppOptions } from "express-totp-setup/testing";
import { newSecret } from "./accounts.js";
import { createVulnerableApp } from "./app.js";
import type { Bug } from "./bugs.js";

interface User extends TestUser {
  email: string;
}

/** How a pending login is identified: by the session cookie, by an id in the body, or by the email address. */
export type KnownBy = "cookie" | "id" | "email";

/** Creates all options of the kit for a vulnerable app. */
export function vulnerableApp(
  bugs: readonly Bug[] = [],
  knownBy: KnownBy = "cookie",
): TwoFactorAppOptions<User, string | undefined> {
  const { accounts, request, advance } = createVulnerableApp(...bugs);

  return {
    request,
    createUser() {
      const secret = newSecret();
      const account = accounts.add(secret);
      const confirmationCode = accounts.confirm(account);
      return {
        email: account.email,
        secret,
        confirmationCode,
        backupCodes: [...account.backupCodes],
      };
    },
    async signIn(client, { email }) {
      const by_id = knownBy === "id" ? "1" : undefined;
      const response = await client.send("POST /login", { form: { email, by_id } });
      return { id: response.json().login, email, cookie: undefined }[knownBy];
    },
    sendCode: (client, code, login) =>
      client.send(
        "POST /login/code",
        knownBy === "cookie" ? { form: { code } } : { json: { code, login } },
      ),
    sendBackupCode: (client, code, login) =>
      client.send("POST /login/code", { form: { code, login } }),
    isSignedIn: async (client) => (await client.send("GET /account")).status === 200,
    guarded: {
      transfer: async (client, code) =>
        (await client.send("POST /transfers", { json: { code, amount: 1 } })).status < 400,
    },
    fresh: {
      payout: async (client) =>
        (await client.send("POST /payouts", { form: { amount: "1" } })).status === 200,
    },
    stepUp: (client, code) => client.send("POST /step-up", { json: { code } }),
    disable: async (client, code) =>
      (await client.send("POST /disable", { json: { code } })).status < 400,
    changes: {
      profile: async (client) =>
        (await client.send("POST /profile", { form: { name: "Ada" } })).status === 200,
    },
    createUserWithoutTotp: () => ({ email: accounts.add().email }),
    beginSetup: async (client) => (await client.send("POST /setup", { json: {} })).json().secret,
    async confirmSetup(client, code) {
      const response = await client.send("POST /confirm", { json: { code } });
      return response.json<{ codes?: string[] }>().codes;
    },
    setupWithinSeconds: 300,
    paths: ["/status"],
    now: accounts.clock.now,
    advance,
    lockAfter: 5,
    parallel: 4,
  };
}
