// An app that keeps all in Redis: its users' TOTP, and the logins that wait for their second step. Run it with
//   REDIS_URL=redis://localhost:6379 node --import tsx examples/redis/server.ts
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import express from "express";
import { createTotpRouter, createTotpService } from "express-totp-setup";
import { createRedisStore } from "express-totp-setup/redis";
import { Redis } from "ioredis";

const client = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379");
// It connects again by itself.
client.on("error", (error) => console.error(`Redis: ${error.message}`));

const store = createRedisStore(client, { prefix: "example:totp:" });
const totp = createTotpService({ store, issuer: "Acme" });

const ada = { id: 1, accountName: "ada@example.com", password: "demo-password" };
const loginKey = (sessionId: string) => `example:login:${sessionId}`;

const app = express();

// The first step: the password. The second one is asked for only where TOTP is on.
app.post("/login", express.json(), async (req, res) => {
  if (req.body.email !== ada.accountName || req.body.password !== ada.password) {
    return void res.sendStatus(401);
  }
  const { isEnabled } = await totp.status(ada.id);
  if (!isEnabled) return void res.json({ access_token: "demo-key" });
  const sessionId = randomUUID();
  await client.set(loginKey(sessionId), ada.id, "EX", 300);
  res.json({ session_id: sessionId });
});

app.use(
  createTotpRouter({
    totp,
    authenticate: (apiKey) => (apiKey === "demo-key" ? ada : null),
    resolveLoginSession: async (id) => ((await client.get(loginKey(id))) ? ada : null),
    issueTokens: async ({ purpose, req }) => {
      if (purpose !== "login") return {};
      await client.del(loginKey(req.body.session_id));
      return { access_token: "demo-key", token_type: "Bearer" };
    },
  }),
);

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`http://127.0.0.1:${port}  (ada@example.com, demo-password)`);
});
