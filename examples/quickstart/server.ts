// Run it with `npm start`. Everything is kept in memory and gone when it ends.
import { STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import express, { type NextFunction, type Request, type Response } from "express";
import { createTotpSetupRouter } from "express-totp-setup";
import createHttpError from "http-errors";
import { type Account, confirmPending, savePending } from "./accounts.js";
import { renderPage } from "./page.js";

const apiKey = "demo-key";
const ada: Account = { id: "u1", accountName: "ada@example.com" };
const accountsByKey = new Map([[apiKey, ada]]);
const accountsById = new Map([[ada.id, ada]]);

const app = express();
app.disable("x-powered-by");

app.use(
  createTotpSetupRouter({
    issuer: "Quickstart",
    authenticate: (key) => accountsByKey.get(key),
    savePendingSecret: (id, secret, { expiresAt }) =>
      savePending(accountsById.get(id), secret, expiresAt),
  }),
);

app.post("/totp/confirm", express.json(), (req, res) => {
  const account = accountsByKey.get(req.get("X-API-Key") ?? "");
  if (!account) throw createHttpError(401, "The provided ID is not valid");
  confirmPending(account, req.body?.code);
  res.sendStatus(204);
});

app.get("/", (_req, res) => {
  res.set({
    // The QR code is a data: URL; nothing else is embedded, and nothing comes from another host.
    "Content-Security-Policy":
      "default-src 'none'; img-src data:; style-src 'self'; script-src 'self'; connect-src 'self'; " +
      "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  });
  res.send(renderPage(ada, apiKey));
});
app.use(express.static(path.join(import.meta.dirname, "public"), { index: false }));

// Express knows an error handler by its four parameters.
app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
  const known = createHttpError.isHttpError(error) && error.expose ? error : undefined;
  if (!known) console.error(error);
  const code = known?.status ?? 500;
  res.status(code).json({ code, details: known?.message, error: STATUS_CODES[code] });
});

const port = Number(process.env.PORT || 3000);
const server = app.listen(port);

server.on("listening", () => {
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  console.log(`Open ${address} in a browser, or begin the setup from a shell:

  curl -X POST -H "X-API-Key: ${apiKey}" ${address}/auth/v1/users/current/totp/setup

The demo API key is ${apiKey}. Press Ctrl+C to stop.`);
});

server.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EADDRINUSE") throw error;
  console.error(`Port ${port} is taken. Choose another one: PORT=${port + 1} npm start`);
  process.exitCode = 1;
});

// Once: a second Ctrl+C ends the process even if a request hangs.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
