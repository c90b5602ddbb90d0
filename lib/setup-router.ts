import express, { type Request, type Response, type Router } from "express";
import createHttpError from "http-errors";
import { readClock } from "./base/clock.js";
import { TotpCallbackError } from "./base/errors.js";
import { callHook } from "./base/hooks.js";
import { sendJson } from "./http/answer.js";
import { callWithin } from "./http/call-within.js";
import { mountEndpoint } from "./http/endpoint.js";
import { identify } from "./http/identify.js";
import { composeOtpauthUri } from "./otp/otpauth-uri.js";
import { drawSecret } from "./otp/secret.js";
import { qrCodeOverflow } from "./qr/capacity.js";
import { type Account, nameAccount } from "./setup/account.js";
import { resolveSetupOptions, type SetupConfig } from "./setup/config.js";
import type { TotpSetupEvent } from "./setup/events.js";
import type { PendingSecretDetails, TotpSetupOptions, TotpUser } from "./setup/options.js";

/**
 * Makes a router with one route, `POST /auth/v1/users/current/totp/setup`, that begins TOTP setup for the
 * user of the API key: it draws a secret, hands it to `savePendingSecret`, and answers
 * `{ qr_code_url, secret }`. Nothing is enabled until your app has checked a first code (`verifyTotp`).
 *
 * Errors are answered as `{ code, details, error }`; none reaches the app's own error handler.
 *
 * @returns An Express router. Mount it with `app.use(router)` or below a prefix.
 * @throws {@link TotpConfigError} where an option is missing, unknown or unusable.
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
): Router {
  const config = resolveSetupOptions(options as unknown as TotpSetupOptions);
  const router = express.Router();
  mountEndpoint(
    router,
    config.path,
    { POST: (req, res) => answerSetup(config, req, res) },
    (error, req) => report(config, error, req),
  );
  return router;
}

async function answerSetup(config: SetupConfig, req: Request, res: Response): Promise<void> {
  const { user, userId } = await identify(req, config).catch((error: unknown) => {
    if (createHttpError.isHttpError(error) && error.status === 401) {
      emit(config, req, () => ({ type: "unauthenticated", at: new Date(readClock(config.now)) }));
    }
    throw error;
  });
  const account = await nameAccount(config, user, userId, req);
  // Whoever hung up cannot scan the code: a secret saved now would only replace one that was shown.
  if (res.closed) return;
  const at = new Date(readClock(config.now));
  const pending = drawPending(config, account, at);
  const { secret, details } = pending;
  // The store is asked first: what it does elsewhere and the drawing here go on side by side.
  const saved = callWithin("savePendingSecret", config.timeoutMs, async () =>
    config.savePendingSecret(userId, secret, details),
  );
  const drawn = callWithin("qrCode", config.timeoutMs, async () =>
    config.qrCode.render(details.otpauthUri),
  );
  const [qrCodeUrl] = await Promise.all([drawn, saved]);
  sendJson(res, 200, { qr_code_url: qrCodeUrl, secret });
  emit(config, req, () => ({ type: "setup_started", userId, at, expiresAt: details.expiresAt }));
}

/** Draws the secret, and makes sure that it can be shown before anything is saved. */
function drawPending(
  { parameters, pendingTtl, qrCode, secretBytes }: SetupConfig,
  { issuer, accountName }: Account,
  at: Date,
): { secret: string; details: PendingSecretDetails } {
  const secret = drawSecret(secretBytes);
  const otpauthUri = composeOtpauthUri(secret, accountName, issuer, parameters);
  const overflow = qrCodeOverflow(otpauthUri, qrCode.errorCorrection);
  if (overflow) {
    throw new TotpCallbackError("issuer and accountName", {
      expected: `names short enough for a QR code: an otpauth URI of ${overflow.limit} bytes at most`,
      got: `${overflow.needed} bytes`,
    });
  }
  const expiresAt = new Date(at.getTime() + pendingTtl * 1000);
  return { secret, details: { issuer, accountName, ...parameters, otpauthUri, expiresAt } };
}

function emit(config: SetupConfig, req: Request, event: () => TotpSetupEvent): void {
  const { onEvent } = config;
  if (onEvent)
    callHook(
      () => onEvent(event()),
      (error) => report(config, error, req),
    );
}

function report(config: SetupConfig, error: unknown, req: Request): void {
  callHook(
    () => config.onError(error, req),
    () => process.emitWarning("onError failed", { type: "TotpWarning", code: "TOTP_ON_ERROR" }),
  );
}
