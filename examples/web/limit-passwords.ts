import type { RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import { emailOf } from "./credentials.js";

/**
 * Allows ten wrong passwords per account in 15 minutes. The library limits wrong codes, not wrong passwords.
 * With several processes, give it a shared store.
 */
export function limitPasswords(refuse: RequestHandler): RequestHandler {
  return rateLimit({
    windowMs: 15 * 60_000,
    limit: 10,
    // A form that is shown again with what was wrong has a status of 422.
    skipSuccessfulRequests: true,
    keyGenerator: emailOf,
    handler: refuse,
  });
}
