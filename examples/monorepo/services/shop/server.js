// Where users sign in and pay: CommonJS, on Express 4.
const { authenticate, findById, findByPassword, totp } = require("@acme/auth");
const express = require("express");
const { createTotpRouter, requireTotp } = require("express-totp-setup");

/** @import { AddressInfo } from "node:net" */
/** @import { Request, Response } from "express" */

const app = express();

// Express 4 does not catch what a promise rejects with.
app.post("/login", express.json(), (req, res, next) => {
  login(req, res).catch(next);
});

/**
 * The first step: the password. A real app limits the attempts at it.
 *
 * @param {Request} req
 * @param {Response} res
 */
async function login(req, res) {
  const user = findByPassword(req.body.email, req.body.password);
  if (!user) return res.sendStatus(401);
  const login = await totp.beginLogin(user.id);
  if (!login.ok) return res.sendStatus(429);
  if (login.isRequired) return res.json({ session_id: login.sessionId });
  return res.json({ access_token: user.apiKey });
}

app.use(
  createTotpRouter({
    totp,
    authenticate,
    issueTokens: ({ userId, purpose }) =>
      purpose === "login"
        ? { access_token: findById(userId)?.apiKey ?? "", token_type: "Bearer" }
        : {},
  }),
);

app.post("/payments", requireTotp({ totp, authenticate }), (_req, res) => {
  res.json({ paid: true });
});

const server = app.listen(Number(process.env.PORT ?? 3002), "127.0.0.1", () => {
  const { port } = /** @type {AddressInfo} */ (server.address());
  console.log(`shop: http://127.0.0.1:${port}  (ada@example.com, demo-password)`);
});
