// An app that keeps its users' TOTP in Redis, and with it the logins that wait for their second step. Run it with
//   REDIS_URL=redis://localhost:6379 node --import tsx examples/redis/server.ts
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
const tokens = { access_token: "demo-key", token_type: "Bearer" };

const app = express();

// The first step: the password. A real app limits the attempts at it.
app.post("/login", express.json(), async (req, res) => {
  if (req.body.email !== ada.accountName || req.body.password !== ada.password) {
    return void res.sendStatus(401);
  }
  const login = await totp.beginLogin(ada.id);
  if (!login.ok) return void res.sendStatus(429);
  res.json(login.isRequired ? { session_id: login.sessionId } : tokens);
});

app.use(
  createTotpRouter({
    totp,
    authenticate: (apiKey) => (apiKey === "demo-key" ? ada : null),
    issueTokens: ({ purpose }) => (purpose === "login" ? tokens : {}),
  }),
);

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`http://127.0.0.1:${port}  (ada@example.com, demo-password)`);
});
