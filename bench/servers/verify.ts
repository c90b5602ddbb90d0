// The login route against a bare route that reads and sends JSON.
import express, { type Express } from "express";
import { createTotpRouter } from "express-totp-setup";
import { createEnrolledService } from "./enrolled.js";

export const PATH = "/auth/v1/verify-totp";

export function ours(): Express {
  const app = express();
  app.use(
    createTotpRouter({
      totp: createEnrolledService(),
      authenticate: () => null,
      resolveLoginSession: async (sessionId) => sessionId,
    }),
  );
  return app;
}

export function bare(): Express {
  const app = express();
  app.post(PATH, express.json(), async (req, res) => {
    if (typeof req.body.session_id !== "string" || typeof req.body.code !== "string") {
      return void res.status(400).json({ error: "Bad Request" });
    }
    res.json({});
  });
  return app;
}
