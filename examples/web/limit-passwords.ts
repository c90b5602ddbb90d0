import { type RequestHandler, Router } from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import { emailOf } from "./credentials.js";

const WINDOW_MS = 15 * 60_000;

/**
 * Limits passwords, as the library limits only codes. Per account, ten wrong ones in 15 minutes. Per account and
 * address, sixty in all: each right one begins a login, and many of them would push out that of the owner. With several
 * processes, give it a shared store.
 */
export function limitPasswords(refuse: RequestHandler): RequestHandler {
  return Router().use(
    rateLimit({
      windowMs: WINDOW_MS,
      limit: 10,
      // A form that is shown again with what was wrong has a status of 422.
      skipSuccessfulRequests: true,
      keyGenerator: emailOf,
      handler: refuse,
    }),
    rateLimit({
      windowMs: WINDOW_MS,
      limit: 60,
      keyGenerator: (req) => `${emailOf(req)} ${ipKeyGenerator(String(req.ip))}`,
      handler: refuse,
    }),
  );
}
