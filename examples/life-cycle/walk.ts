// Walks through the life of an enrollment and prints what is asked and answered.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Secret, TOTP } from "otpauth";
import { createApp } from "./app.js";

const server = createApp().listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const TOTP_PATH = "/auth/v1/users/current/totp";

interface Answer {
  secret?: string;
  backup_codes?: string[];
}

async function ask(
  what: string,
  request: string,
  { code, body }: { code?: string | undefined; body?: object } = {},
): Promise<Answer> {
  const [method = "GET", path] = request.split(" ");
  const response = await fetch(address + path, {
    method,
    headers: {
      "X-API-Key": "demo-key",
      ...(code && { "X-TOTP-Code": code }),
      ...(body && { "Content-Type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  console.log(`${what}\n    ${request}\n    ${response.status} ${text.slice(0, 90)}`);
  return text ? JSON.parse(text) : {};
}

const { secret = "" } = await ask("Begin the setup", `POST ${TOTP_PATH}/setup`);

// What the authenticator app does. A code works once, so each further one is that of the next time step;
// the service accepts one step ahead, which is as far as this walk goes.
const authenticator = new TOTP({ secret: Secret.fromBase32(secret) });
const codeNow = authenticator.generate();
const codeNext = authenticator.generate({ timestamp: Date.now() + 30_000 });

const confirm = { body: { code: codeNow } };
const { backup_codes = [] } = await ask("Confirm it", `POST ${TOTP_PATH}/verify`, confirm);
const [first, second, third] = backup_codes;

await ask("Look at the status", `GET ${TOTP_PATH}/status`);
const login = { body: { session_id: "login-1", code: codeNow } };
await ask("Sign in with the code that was used", "POST /auth/v1/verify-totp", login);
login.body.code = codeNext;
await ask("Sign in with the next one", "POST /auth/v1/verify-totp", login);
await ask("Transfer money without a code", "POST /transfers");
await ask("Transfer money with a backup code", "POST /transfers", { code: first });
const regenerate = `POST ${TOTP_PATH}/backup-codes/regenerate`;
const { backup_codes: fresh = [] } = await ask("Replace the backup codes", regenerate, {
  code: second,
});
await ask("Turn TOTP off with a replaced one", `DELETE ${TOTP_PATH}/delete`, { code: third });
await ask("Turn TOTP off with a new one", `DELETE ${TOTP_PATH}/delete`, { code: fresh[0] });
await ask("Look at the status", `GET ${TOTP_PATH}/status`);

server.close();
