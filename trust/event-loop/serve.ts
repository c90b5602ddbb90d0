// The two apps that are compared, in a process of their own: `serve.ts ours` or `serve.ts bare`. Both have the
// route /other beside those that are flooded. Sends the port to the parent.
import type { AddressInfo } from "node:net";
import express, { type Express } from "express";
import { createMemoryStore, createTotpRouter, createTotpService } from "../../lib/index.js";
import { ROUTES } from "./routes.js";

/** The API key is the user's id, and the app's own login session, too. */
function ours(): Express {
  const app = express();
  app.get(ROUTES.other, (_, res) => void res.json({ ok: true }));
  const totp = createTotpService({ store: createMemoryStore(), issuer: "Acme" });
  app.use(
    createTotpRouter({
      totp,
      authenticate: (apiKey) => apiKey,
      resolveLoginSession: (sessionId) => sessionId,
    }),
  );
  return app;
}

/** Reads as much as ours does, and sends as much. */
function bare(): Express {
  const setup = { qr_code_url: "x".repeat(566), secret: "A".repeat(32) };
  const confirmed = { backup_codes: Array.from({ length: 10 }, () => "XXXX-XXXX-XXXX-XXXX") };
  const app = express();
  app.get(ROUTES.other, (_, res) => void res.json({ ok: true }));
  app.post(ROUTES.setup, (_, res) => void res.json(setup));
  app.post(ROUTES.confirm, express.json(), (_, res) => void res.json(confirmed));
  app.post(ROUTES.login, express.json(), (_, res) => void res.json({}));
  return app;
}

const app = process.argv[2] === "ours" ? ours() : bare();
const server = app.listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on("disconnect", () => process.exit());
