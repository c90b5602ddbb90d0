// What other ways to add TOTP to an Express app look like. Users, sessions and secrets are in memory for all of them.
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { twoFactor } from "better-auth/plugins";
import express, { type Express } from "express";
import { generateSecret, generateURI } from "otplib";
import QRCode from "qrcode";
import { API_KEY, PATH } from "../servers/setup.js";

export { handWritten, ours } from "../servers/setup.js";

const users = new Map([[API_KEY, { id: "user-1", accountName: "alice@example.com" }]]);

/** The handler that most apps have, with otplib in the place of speakeasy. */
export function otplib(): Express {
  const pending = new Map<string, string>();
  const app = express();
  app.post(PATH, async (req, res) => {
    const user = users.get(req.get("X-API-Key") ?? "");
    if (!user) return void res.status(401).json({ error: "Unauthorized" });
    const secret = generateSecret();
    pending.set(user.id, secret);
    const uri = generateURI({ issuer: "Acme", label: user.accountName, secret });
    res.json({ qr_code_url: await QRCode.toDataURL(uri), secret });
  });
  return app;
}

export const BETTER_AUTH = {
  setup: "/api/auth/two-factor/enable",
  verify: "/api/auth/two-factor/verify-totp",
};

/** Its two-factor plugin, which renders no QR code. Without limits on requests, which would measure them alone. */
export function betterAuthServer(): Express {
  const tables = Object.fromEntries(
    ["user", "session", "account", "verification", "twoFactor"].map((name) => [name, []]),
  );
  const auth = betterAuth({
    baseURL: "http://127.0.0.1",
    secret: "a secret that is long enough for this",
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    advanced: { disableOriginCheck: true, disableCSRFCheck: true },
    logger: { disabled: true },
    // Verifying the password would be most of what is measured.
    plugins: [twoFactor({ issuer: "Acme", allowPasswordless: true })],
  });
  const app = express();
  app.post("/sign-up", async (_req, res) => {
    const response = await auth.api.signUpEmail({
      body: { name: "Alice", email: "alice@example.com", password: "correct horse" },
      asResponse: true,
    });
    tables.account = Object.assign(tables.account as never[], { length: 0 });
    res.json({
      cookie: response.headers
        .getSetCookie()
        .map((each) => each.split(";")[0])
        .join("; "),
    });
  });
  app.all("/api/auth/{*any}", toNodeHandler(auth));
  return app;
}
