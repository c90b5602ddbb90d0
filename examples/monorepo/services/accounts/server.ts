// Where users turn TOTP on and off: an ES module in TypeScript, on Express 5.
import type { AddressInfo } from "node:net";
import { authenticate, totp } from "@acme/auth";
import express from "express";
import { createTotpRouter } from "express-totp-setup";

const app = express();
app.use(createTotpRouter({ totp, authenticate }));

const server = app.listen(Number(process.env.PORT ?? 3001), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`accounts: http://127.0.0.1:${port}  (X-API-Key: demo-key)`);
});
