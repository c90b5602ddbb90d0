// Walks through the life of an enrollment and prints each request and its response.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Secret, TOTP } from "otpauth";
import { createApp } from "./app.js";

const server = createApp().listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const TOTP_PATH = "/auth/v1/users/current/totp";

interface Responded {
  secret?: string;
  session_id?: string;
  backup_codes?: string[];
}

async function send(
  what: string,
  request: string,
  { code, body }: { code?: string | undefined; body?: object } = {},
): Promise<Responded> {
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

const { secret = "" } = await send("Begin the setup", `POST ${TOTP_PATH}/setup`);

// What the authenticator app does. A code works once, so each further one is that of the next time step;
// the service accepts one step ahead, which is as far as this walk goes.
const authenticator = new TOTP({ secret: Secret.fromBase32(secret) });
const codeNow = authenticator.generate();
const codeNext = authenticator.generate({ timestamp: Date.now() + 30_000 });

const confirm = { body: { code: codeNow } };
const { backup_codes = [] } = await send("Confirm it", `POST ${TOTP_PATH}/verify`, confirm);
const [first, second, third] = backup_codes;

await send("Look at the status", `GET ${TOTP_PATH}/status`);
const { session_id } = await send("Begin a login", "POST /login");
const SECOND_STEP = "POST /auth/v1/verify-totp";
await send("Give the code that was used", SECOND_STEP, { body: { session_id, code: codeNow } });
await send("Give the next one", SECOND_STEP, { body: { session_id, code: codeNext } });
await send("Transfer money without a code", "POST /transfers");
await send("Transfer money with a backup code", "POST /transfers", { code: first });
const regenerate = `POST ${TOTP_PATH}/backup-codes/regenerate`;
const { backup_codes: fresh = [] } = await send("Replace the backup codes", regenerate, {
  code: second,
});
await send("Turn TOTP off with a replaced one", `DELETE ${TOTP_PATH}/delete`, { code: third });
await send("Turn TOTP off with a new one", `DELETE ${TOTP_PATH}/delete`, { code: fresh[0] });
await send("Look at the status", `GET ${TOTP_PATH}/status`);

server.close();
