// Walks through sign-ins with a password and a session, and prints each request and its response.
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
let cookie = ""; // what a browser keeps

interface Responded {
  session_id?: string;
  secret?: string;
  backup_codes?: string[];
}

interface Sent {
  code?: string | undefined;
  body?: object;
}

async function send(what: string, request: string, sent: Sent = {}): Promise<Responded> {
  const [method = "GET", path] = request.split(" ");
  const { code, body } = sent;
  const response = await fetch(address + path, {
    method,
    headers: {
      Cookie: cookie,
      ...(code && { "X-TOTP-Code": code }),
      ...(body && { "Content-Type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
  const text = await response.text();
  console.log(`${what}\n    ${request}\n    ${response.status} ${text.slice(0, 90)}`);
  return text.startsWith("{") ? JSON.parse(text) : {};
}

const password = { body: { email: "ada@example.com", password: randomUUID() } };
await addUser(password.body.email, password.body.password);

await send("Sign in, while TOTP is off", "POST /login", password);
await send("Look at the account", "GET /account");

const { secret = "" } = await send("Begin the setup", `POST ${TOTP_PATH}/setup`);
// A code works once, so each further one is that of the next time step; one step ahead is accepted.
const authenticator = new TOTP({ secret: Secret.fromBase32(secret) });
const codeNow = authenticator.generate();
const codeNext = authenticator.generate({ timestamp: Date.now() + 30_000 });
const confirm = { body: { code: codeNow } };
const { backup_codes = [] } = await send("Confirm it", `POST ${TOTP_PATH}/verify`, confirm);
await send("Sign out", "POST /logout");

const { session_id } = await send("Sign in with the password", "POST /login", password);
await send("Look at the account before the second step", "GET /account");
const SECOND_STEP = "POST /auth/v1/verify-totp";
await send("Give the code that was used", SECOND_STEP, { body: { session_id, code: codeNow } });
await send("Give the next one", SECOND_STEP, { body: { session_id, code: codeNext } });
await send("Look at the account", "GET /account");
await send("Transfer money, soon after a code", "POST /transfers");
const turnOff = `DELETE ${TOTP_PATH}/delete`;
await send("Turn TOTP off without a code", turnOff);
await send("Turn it off with a backup code", turnOff, { code: backup_codes[0] });

server.close();
