// Walks through sign-ins with a password and a session, and prints what is asked and answered.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Secret, TOTP } from "otpauth";
import { addUser } from "../users.js";
import { createApp } from "./app.js";

const server = createApp().listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

let cookie = ""; // what a browser keeps

interface Answer {
  secret?: string;
  backup_codes?: string[];
}

async function ask(what: string, request: string, body?: object): Promise<Answer> {
  const [method = "GET", path] = request.split(" ");
  const response = await fetch(address + path, {
    method,
    headers: { Cookie: cookie, ...(body && { "Content-Type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
  const text = await response.text();
  console.log(`${what}\n    ${request}\n    ${response.status} ${text.slice(0, 90)}`);
  return text.startsWith("{") ? JSON.parse(text) : {};
}

const ada = { email: "ada@example.com", password: randomUUID() };
await addUser(ada.email, ada.password);

await ask("Sign in, while TOTP is off", "POST /login", ada);
await ask("Look at the account", "GET /account");

const { secret = "" } = await ask("Begin the setup", "POST /totp/setup");
// A code works once, so each further one is that of the next time step; one step ahead is accepted.
const authenticator = new TOTP({ secret: Secret.fromBase32(secret) });
const codeNow = authenticator.generate();
const codeNext = authenticator.generate({ timestamp: Date.now() + 30_000 });
const { backup_codes = [] } = await ask("Confirm it", "POST /totp/confirm", { code: codeNow });
await ask("Sign out", "POST /logout");

await ask("Sign in with the password", "POST /login", ada);
await ask("Look at the account before the second step", "GET /account");
await ask("Give the code that was used", "POST /login/code", { code: codeNow });
await ask("Give the next one", "POST /login/code", { code: codeNext });
await ask("Look at the account", "GET /account");
await ask("Transfer money, soon after a code", "POST /transfers");
await ask("Turn TOTP off without a code", "POST /totp/disable");
await ask("Turn it off with a backup code", "POST /totp/disable", { code: backup_codes[0] });

server.close();
