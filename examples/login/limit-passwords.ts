import { type RateLimitRequestHandler, rateLimit } from "express-rate-limit";

/**
 * Allows ten wrong passwords per account in 15 minutes, from all addresses together. The library limits wrong
 * codes, not wrong passwords. Mount it after the body parser; with several processes, give it a shared store.
 */
export function limitPasswords(): RateLimitRequestHandler {
  return rateLimit({
    windowMs: 15 * 60_000,
    limit: 10,
    skipSuccessfulRequests: true,
    keyGenerator: (req) => String(req.body?.email).toLowerCase(),
    message: { code: 429, details: "Too many wrong passwords", error: "Too Many Requests" },
  });
}
