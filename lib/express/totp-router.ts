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
  handleSetup,
  handleStatus,
  type RouteHandler,
} from "./handlers.js";
import { resolveRouterOptions, type TotpRouterOptions } from "./router-options.js";

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
  const config = resolveRouterOptions(options);
  const router = express.Router();
  const report = createReport(config.onError);
  const mount = (name: RouteName, handler: RouteHandler) => {
    const { method, path } = ROUTES[name];
    const handlers = { [method]: (req: Request, res: Response) => handler(config, req, res) };
    mountEndpoint(router, path(config), handlers, report);
  };

  mount("setup", handleSetup);
  mount("verify", handleConfirm);
  mount("status", handleStatus);
  mount("delete", handleDelete);
  mount("regenerate", handleRegenerate);
  if (config.resolveLoginSession) mount("login", handleLogin);
  return router as Router & Middleware;
}
