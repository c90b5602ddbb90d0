import express, { type Request, type Response, type Router } from "express";
import { callWithin } from "../base/call-within.js";
import { readClock } from "../base/clock.js";
import { callHook } from "../base/hooks.js";
import type { TotpUser } from "../base/user.js";
import { beginEnrollment } from "../enrollment/begin.js";
import { type Handler, mountEndpoint } from "../http/endpoint.js";
import { toErrorResponse } from "../http/error-response.js";
import { hangUpSignal } from "../http/hang-up.js";
import { identify } from "../http/identify.js";
import type { Middleware } from "../http/middleware.js";
import { contextOf } from "../http/options.js";
import { createReport, createRespond } from "../http/respond.js";
import { sendSetup } from "./send-setup.js";
import type { TotpSetupEvent } from "./setup-events.js";
import { resolveSetupOptions, type SetupConfig, type TotpSetupOptions } from "./setup-options.js";

/**
 * Creates a router with one route, `POST /auth/v1/users/current/totp/setup`, which begins TOTP setup for the user of
 * the API key. It generates a secret, calls `savePendingSecret` with it, and responds with `{ qr_code_url, secret }`.
 * Nothing is enabled until your app has verified a first code with {@link verifyTotp}.
 *
 * It responds to errors with `{ code, details, error }`. They do not reach the app's own error handler, unless
 * `errorHandler` passes them on.
 *
 * @returns An Express router. Mount it with `app.use(router)`, at the root or below a prefix.
 * @throws {@link TotpConfigError} if an option is missing, unknown, or invalid.
 * @example
 * ```ts
 * app.use(
 *   createTotpSetupRouter({
 *     issuer: "Acme",
 *     authenticate: (apiKey) => users.findByApiKey(apiKey),
 *     savePendingSecret: (userId, secret) => users.update(userId, { pendingTotpSecret: secret }),
 *   }),
 * );
 * ```
 */
export function createTotpSetupRouter<User extends TotpUser>(
  options: TotpSetupOptions<User>,
): Router & Middleware {
  const config = resolveSetupOptions(options);
  const report = createReport(config.onError);
  const emit: Emit = (event, req) => {
    const { onEvent } = config;
    if (!onEvent) return;
    const complete = () => {
      const context = contextOf(config, req);
      const at = new Date(readClock(config.now));
      return { ...event, by: "user" as const, at, ...(context !== undefined && { context }) };
    };
    // Inside the hook, so that a failing clock does not change the response either.
    callHook(
      () => onEvent(complete()),
      (error) => report(error, req),
    );
  };
  const router = express.Router();
  const handler: Handler = (req, res) => handleSetup(config, emit, req, res);
  mountEndpoint(router, config.path, { POST: handler }, createRespond(config));
  return router as Router & Middleware;
}

type Unstamped<Event> = Event extends unknown ? Omit<Event, "at" | "by" | "context"> : never;
type Emit = (event: Unstamped<TotpSetupEvent>, req: Request) => void;

async function handleSetup(
  config: SetupConfig,
  emit: Emit,
  req: Request,
  res: Response,
): Promise<void> {
  const { user, userId } = await identify(req, config).catch((error: unknown) => {
    if (toErrorResponse(error).status === 401) emit({ type: "unauthenticated" }, req);
    throw error;
  });
  const { issuer } = config;
  const { secret, qrCodeUrl, details } = await beginEnrollment(config, {
    user,
    userId,
    naming: { ...config, issuer: typeof issuer === "function" ? () => issuer(user, req) : issuer },
    signal: hangUpSignal(res),
    save: ({ secret, details }) =>
      callWithin("savePendingSecret", config.timeoutMs, () =>
        config.savePendingSecret(userId, secret, { ...details }, req),
      ),
  });
  sendSetup(res, { secret, qrCodeUrl, otpauthUri: details.otpauthUri }, config);
  emit({ type: "setup_started", userId, expiresAt: details.expiresAt }, req);
}
