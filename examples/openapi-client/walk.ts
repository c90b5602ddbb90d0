// Walks through the life of an enrollment with the generated client. The app is that of examples/life-cycle.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Secret, TOTP } from "otpauth";
import { createApp } from "../life-cycle/app.js";
import { createTotpClient } from "./client.js";

const server = createApp().listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const client = createTotpClient(address, "demo-key");

const setup = await client.POST("/auth/v1/users/current/totp/setup");
if (!setup.data) throw new Error(setup.error.details);
console.log(`secret of ${setup.data.secret.length} characters`);

const authenticator = new TOTP({ secret: Secret.fromBase32(setup.data.secret) });
const code = authenticator.generate();
const confirmed = await client.POST("/auth/v1/users/current/totp/verify", { body: { code } });
if (!confirmed.data) throw new Error(confirmed.error.details);
const [backupCode] = confirmed.data.backup_codes;
console.log(`${confirmed.data.backup_codes.length} backup codes`);

const status = await client.GET("/auth/v1/users/current/totp/status");
console.log(`is set up: ${status.data?.is_setup}`);

// While TOTP is on, a change needs a fresh code. The reasons are typed, too.
const refused = await client.DELETE("/auth/v1/users/current/totp/delete");
if (refused.error && "reason" in refused.error && refused.error.reason === "code_required") {
  console.log(`${refused.response.status} ${refused.error.reason}`);
}
const deleted = await client.DELETE("/auth/v1/users/current/totp/delete", {
  params: { header: { "X-TOTP-Code": backupCode } },
});
console.log(deleted.data?.message);

const nobody = createTotpClient(address, "stolen-key");
const rejected = await nobody.GET("/auth/v1/users/current/totp/status");
console.log(`${rejected.response.status} ${rejected.error?.details}`);

server.close();
