// One process of an app, of which several stand behind one store. It is told what to serve as JSON in its
// first argument, and tells its parent its port. Its clock stands still until the parent moves it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { createTotpRouter, createTotpService, requireTotp } from "express-totp-setup";
import { type EngineName, OPEN_STORE } from "./open-store.js";

export interface WorkerOptions {
  engine: EngineName;
  url: string;
  /** Milliseconds since 1970. */
  now: number;
  timeoutMs: number;
  /** The id of the key that it encrypts with; it reads what is under any. None: nothing is encrypted. */
  keyId?: string;
}

const KEYS = ["1", "2"].map((id) => ({
  id,
  key: Buffer.from(`key ${id}, the same for all workers`.padEnd(32)).toString("base64"),
}));

// Whatever happens to the parent: no worker outlives it.
process.on("disconnect", () => process.exit());
process.on("message", (message: { now: number }) => {
  now = message.now;
  process.send?.({ now });
});

const options: WorkerOptions = JSON.parse(process.argv[2] ?? "");
let { now } = options;

const current = KEYS.find(({ id }) => id === options.keyId);
const previous = KEYS.filter((key) => key !== current);

const totp = createTotpService({
  store: await OPEN_STORE[options.engine](options.url),
  issuer: "Acme",
  qrCode: "uri",
  backupCodes: { count: 2 },
  timeoutMs: options.timeoutMs,
  now: () => now,
  ...(current && { encryption: { current, previous } }),
});

const after = (prefix: string) => (text: string) =>
  text.startsWith(prefix) ? text.slice(prefix.length) : null;
const authenticate = after("key-of-");
// Of an app that keeps its errors; they are printed by default.
const onError = () => {};

const app = express();
app.use(createTotpRouter({ totp, authenticate, resolveLoginSession: after("login-of-"), onError }));
// The same with the login sessions of the service.
const loginPath = "/sessions/verify-totp";
app.use(createTotpRouter({ totp, authenticate, basePath: "/sessions/totp", loginPath, onError }));
app.post("/transfers", requireTotp({ totp, authenticate, onError }), (_req, res) => {
  res.set("Cache-Control", "no-store").json({});
});

/** The first step of a login, whose password was right. */
app.post("/login/:userId", express.json(), (req, res) => {
  res.set("Cache-Control", "no-store");
  totp.beginLogin(String(req.params.userId), { deviceToken: req.body.device_token }).then(
    (login) => {
      const sessionId = login.ok && login.isRequired ? { session_id: login.sessionId } : {};
      res.status(login.ok ? 200 : 429).json({ is_required: login.isRequired, ...sessionId });
    },
    () => res.status(500).json({ code: 500, error: "Internal Server Error" }),
  );
});

/** What an administrator's tool does. Failures look like those of the library's own routes. */
function administer(
  name: string,
  call: (userId: string, body: { secret: string }) => Promise<{ ok: boolean; reason?: string }>,
): void {
  app.post(`/admin/:userId/${name}`, express.json(), (req, res) => {
    res.set("Cache-Control", "no-store");
    call(String(req.params.userId), req.body).then(
      (outcome) => {
        const status = outcome.reason === "busy" ? 429 : 409;
        res.status(outcome.ok ? 200 : status).json(outcome);
      },
      () => res.status(500).json({ code: 500, error: "Internal Server Error" }),
    );
  });
}

administer("unlock", (userId) => totp.unlock(userId));
administer("reset", (userId) => totp.reset(userId));
administer("reencrypt", (userId) => totp.reencrypt(userId));
administer("import", (userId, { secret }) =>
  totp.importEnrollment(userId, { secret, encoding: "base32" }),
);

// A connection that was idle is kept: closed in the moment in which it is used again it is an error.
const server = createServer({ keepAliveTimeout: 0 }, app).listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
