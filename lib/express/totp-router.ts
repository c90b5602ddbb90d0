import express, { type Request, type Response, type Router } from "express";
import type { TotpUser } from "../base/user.js";
import { mountEndpoint } from "../http/endpoint.js";
import type { Middleware } from "../http/middleware.js";
import { createReport } from "../http/report.js";
import { ROUTES, type RouteName } from "../routes/table.js";
import {
  handleConfirm,
  handleDelete,
  handleLogin,
  handleRegenerate,
  handleStatus,
  type RouteHandler,
  readStepUp,
} from "./handlers.js";
import { OF_STEP_UP, refusalError } from "./refusals.js";
import { type RouterConfig, resolveRouterOptions } from "./router-config.js";
import type { TotpRouterOptions } from "./router-options.js";
import { createTotpSetupRouter } from "./setup-router.js";

/**
 * Makes a router with the whole life cycle of TOTP: setup, confirmation, status, deletion, new backup codes
 * and, with `resolveLoginSession`, the second step of a login. It reads its own JSON bodies and answers its
 * own errors.
 *
 * @returns An Express router. Mount it with `app.use(router)` or below a prefix.
 * @throws {@link TotpConfigError} where an option is missing, unknown or unusable.
 * @example
 * ```ts
 * const totp = createTotpService({ store: createMemoryStore(), issuer: "Acme" });
 * app.use(createTotpRouter({ totp, authenticate: (apiKey) => users.findByApiKey(apiKey) }));
 * ```
 */
export function createTotpRouter<User extends TotpUser>(
  options: TotpRouterOptions<User>,
): Router & Middleware {
  const config = resolveRouterOptions(options as unknown as TotpRouterOptions);
  const router = express.Router();
  const report = createReport(config.onError);
  const mount = (name: RouteName, handler: RouteHandler) => {
    const { method, path } = ROUTES[name];
    const handlers = { [method]: (req: Request, res: Response) => handler(config, req, res) };
    mountEndpoint(router, path(config), handlers, report);
  };

  router.use(createSetupRoute(config));
  mount("verify", handleConfirm);
  mount("status", handleStatus);
  mount("delete", handleDelete);
  mount("regenerate", handleRegenerate);
  if (config.resolveLoginSession) mount("login", handleLogin);
  return router as Router & Middleware;
}

/** The setup route, with the service in the place of the app's callback. */
function createSetupRoute(config: RouterConfig): Router {
  const { totp, authenticate, apiKeyHeader, onError } = config;
  const { issuer, accountName, enrollment } = totp.config;
  return createTotpSetupRouter({
    ...enrollment,
    ...(issuer !== undefined && { issuer }),
    ...(accountName && { accountName }),
    path: ROUTES.setup.path(config),
    authenticate,
    apiKeyHeader,
    onError,
    async savePendingSecret(userId, secret, details, req) {
      const outcome = await totp.savePending(userId, { secret, details }, readStepUp(config, req));
      if (!outcome.ok) throw refusalError(outcome, OF_STEP_UP);
    },
  });
}
