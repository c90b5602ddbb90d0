import express, { type Request, type Response, type Router } from "express";
import type { TotpUser } from "../base/user.js";
import { mountEndpoint } from "../http/endpoint.js";
import type { Middleware } from "../http/middleware.js";
import { createRespond } from "../http/respond.js";
import { ROUTES, type RouteName } from "../routes/table.js";
import { handleLogin } from "./handle-login.js";
import {
  handleConfirm,
  handleDelete,
  handleDevices,
  handleRegenerate,
  handleRevokeDevice,
  handleSetup,
  handleStatus,
  handleStepUp,
  type RouteHandler,
} from "./handlers.js";
import { resolveRouterOptions, type TotpRouterOptions } from "./router-options.js";

/**
 * Creates a router with the whole life cycle of TOTP: setup, confirmation, status, deletion, new backup codes, trusted
 * devices, the second step of a login, and, with `freshness`, the step-up of a session. It parses its own JSON bodies,
 * and responds to its own errors.
 *
 * @returns An Express router. Mount it with `app.use(router)`, at the root or below a prefix.
 * @throws {@link TotpConfigError} if an option is missing, unknown, or invalid.
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
  const respond = createRespond(config);
  for (const [name, handler] of Object.entries(HANDLERS) as [RouteName, RouteHandler][]) {
    if (name === "stepUp" && !config.freshness) continue;
    const { method, path } = ROUTES[name];
    const handlers = { [method]: (req: Request, res: Response) => handler(config, req, res) };
    mountEndpoint(router, path(config), handlers, respond);
  }
  return router as Router & Middleware;
}

const HANDLERS: Readonly<Record<RouteName, RouteHandler>> = {
  setup: handleSetup,
  verify: handleConfirm,
  status: handleStatus,
  delete: handleDelete,
  regenerate: handleRegenerate,
  stepUp: handleStepUp,
  devices: handleDevices,
  revokeDevice: handleRevokeDevice,
  login: handleLogin,
};
