// Walks through sign-ins with a password and tokens, and prints each request and its response.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Secret, TOTP } from "otpauth";
import { addUser } from "../users.js";
import { createApp } from "./app.js";

const server = createApp().listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const TOTP_PATH = "/auth/v1/users/current/totp";

interface Responded {
  access_token?: string;
  session_id?: string;
  secret?: string;
  backup_codes?: string[];
}

interface Sent {
  token?: string | undefined;
  code?: string | undefined;
  body?: object;
}

async function send(
  what: string,
  request: string,
  { token, code, body }: Sent,
): Promise<Responded> {
  const [method = "GET", path] = request.split(" ");
  const response = await fetch(address + path, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(code && { "X-TOTP-Code": code }),
      ...(body && { "Content-Type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  console.log(`${what}\n    ${request}\n    ${response.status} ${text.slice(0, 90)}`);
  return text.startsWith("{") ? JSON.parse(text) : {};
}

const password = { body: { email: "ada@example.com", password: randomUUID() } };
await addUser(password.body.email, password.body.password);

const first = await send("Sign in, while TOTP is off", "POST /login", password);
const token = first.access_token;
await send("Look at the account", "GET /account", { token });
await send("Look at the payouts, which want a second step", "GET /payouts", { token });

const { secret = "" } = await send("Begin the setup", `POST ${TOTP_PATH}/setup`, { token });
// A code works once, so each further one is that of the next time step; one step ahead is accepted.
const authenticator = new TOTP({ secret: Secret.fromBase32(secret) });
const codeNow = authenticator.generate();
const codeNext = authenticator.generate({ timestamp: Date.now() + 30_000 });
const confirmed = await send("Confirm it", `POST ${TOTP_PATH}/verify`, {
  token,
  body: { code: codeNow },
});
const [backupCode, otherBackupCode] = confirmed.backup_codes ?? [];

const { session_id } = await send("Sign in with the password", "POST /login", password);
await send("Take the session_id for a token", "GET /account", { token: session_id });
const SECOND_STEP = "POST /auth/v1/verify-totp";
await send("Give the code that was used", SECOND_STEP, { body: { session_id, code: codeNow } });
const { access_token } = await send("Give the next one", SECOND_STEP, {
  body: { session_id, code: codeNext },
});
await send("Look at the payouts", "GET /payouts", { token: access_token });
await send("Transfer money without a code", "POST /transfers", { token: access_token });
const transfer = { token: access_token, code: backupCode };
await send("Transfer money with a backup code", "POST /transfers", transfer);
const turnOff = { token: access_token, code: otherBackupCode };
await send("Turn TOTP off with another one", `DELETE ${TOTP_PATH}/delete`, turnOff);

server.close();
