import { type Request, type RequestHandler, Router } from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";

const WINDOW_MS = 15 * 60_000;
const accountOf = (req: Request) => String(req.body?.email).toLowerCase();

/**
 * Limits passwords, as the library limits only codes. Per account, ten wrong ones in 15 minutes. Per account and
 * address, sixty in all: each right one begins a login, and many of them would push out that of the owner. Mount it
 * after the body parser; with several processes, give it a shared store.
 */
export function limitPasswords(): RequestHandler {
  return Router().use(
    rateLimit({
      windowMs: WINDOW_MS,
      limit: 10,
      skipSuccessfulRequests: true,
      keyGenerator: accountOf,
      message: { code: 429, details: "Too many wrong passwords", error: "Too Many Requests" },
    }),
    rateLimit({
      windowMs: WINDOW_MS,
      limit: 60,
      keyGenerator: (req) => `${accountOf(req)} ${ipKeyGenerator(String(req.ip))}`,
      message: { code: 429, details: "Too many logins", error: "Too Many Requests" },
    }),
  );
}
