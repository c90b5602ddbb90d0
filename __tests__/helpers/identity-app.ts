import type { Express, NextFunction, Request, Response } from "express";
import type {
  RequireTotpOptions,
  TotpRouterOptions,
  TotpServiceOptions,
  TotpSetupOptions,
} from "express-totp-setup";
import type { RouteName } from "express-totp-setup/openapi";
import { ROUTES } from "../../lib/routes/table.js";
import type { ExpressVersion } from "./express-versions.js";
import type { Exceptions } from "./openapi-answers.js";
import { codeAt, createRig, type Rig } from "./service.js";
import { validated, validatedGuard } from "./validated.js";

const BASE = "/auth/v1/users/current/totp";

/** Where an app of `createIdentityApp` has its routes. */
export const AT = {
  setup: `${BASE}/setup`,
  verify: `${BASE}/verify`,
  status: `${BASE}/status`,
  delete: `${BASE}/delete`,
  regenerate: `${BASE}/backup-codes/regenerate`,
  stepUp: `${BASE}/step-up`,
  devices: `${BASE}/devices`,
  login: "/auth/v1/verify-totp",
  /** Of `createTotpSetupRouter`. */
  setupAlone: "/alone/setup",
  /** A route of the app's own, behind `requireTotp`. */
  transfers: "/transfers",
};

type Loose<T> = { [Name in keyof T]?: unknown };
/** What all three take: who asks, and from where. */
export type Identity = Loose<
  Pick<
    TotpRouterOptions,
    "authenticate" | "getUser" | "apiKeyHeader" | "trustedOrigins" | "errorHandler"
  >
>;

export interface IdentityAppOptions {
  /** @default users are their own API keys */
  identity?: Identity;
  service?: Partial<TotpServiceOptions>;
  router?: Loose<TotpRouterOptions>;
  setupRouter?: Loose<TotpSetupOptions>;
  guard?: Loose<RequireTotpOptions>;
  /** Mounts what comes before the routers. */
  before?: (app: Express) => void;
  exceptions?: Exceptions;
}

export interface IdentityApp extends Rig {
  app: Express;
  /** What came to `onError`. */
  errors: unknown[];
  /** What came to the app's own error handler. */
  escaped: unknown[];
  /** Whom the setup router saved a secret for. */
  saved: unknown[];
  /** `req.totp` of each request that the guard let through. */
  transfers: unknown[];
}

/** An app with the setup router, the router and a guarded route. Their responses are validated. */
export function createIdentityApp(
  { express, lib }: ExpressVersion,
  { identity, service, router, setupRouter, guard, before, exceptions }: IdentityAppOptions = {},
): IdentityApp {
  const rig = createRig(service, undefined, lib);
  const { totp } = rig;
  const app = express();
  const [errors, escaped, saved, transfers]: unknown[][] = [[], [], [], []];
  const authenticate = (apiKey: string) => apiKey;
  const onError = (error: unknown) => errors?.push(error);
  const shared = { onError, ...(identity ?? { authenticate }) };
  before?.(app);

  const setupOptions = {
    ...shared,
    path: AT.setupAlone,
    savePendingSecret: (userId: unknown) => saved?.push(userId),
    qrCode: "uri",
    ...setupRouter,
  };
  const alone = lib.createTotpSetupRouter(setupOptions as unknown as TotpSetupOptions);
  app.use(
    only(AT.setupAlone, validated(alone, { routes: ["setup"], path: AT.setupAlone }, exceptions)),
  );

  const authorizeSetup = "getUser" in shared ? "any-session" : undefined;
  const routerOptions = { totp, ...shared, authorizeSetup, ...router };
  const routes = lib.createTotpRouter(routerOptions as TotpRouterOptions);
  const ownFields = router?.issueTokens !== undefined;
  const isOwn = (path: string) => path.startsWith(BASE) || path === AT.login;
  const document = { routes: routesOf(routerOptions) };
  app.use(only(isOwn, validated(routes, document, { ownFields, ...exceptions })));

  const requireTotp = lib.requireTotp({ totp, ...shared, ...guard } as RequireTotpOptions);
  app.all(AT.transfers, validatedGuard(requireTotp, exceptions), (req, res) => {
    transfers?.push(req.totp);
    res.status(201).json({ done: true });
  });
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    escaped?.push(error);
    res.status(599).json({ error: String(error) });
  });
  return { ...rig, app, errors, escaped, saved, transfers } as IdentityApp;
}

/** With `freshness`, there is a step-up. */
function routesOf({ freshness }: Loose<TotpRouterOptions>): RouteName[] {
  const all = Object.keys(ROUTES) as RouteName[];
  return freshness ? all : all.filter((name) => name !== "stepUp");
}

/** What else comes by is not the router's, and not described by its document. */
function only(path: string | ((path: string) => boolean), handler: ReturnType<typeof validated>) {
  const isOwn = typeof path === "string" ? (given: string) => given === path : path;
  return (req: Request, res: Response, next: NextFunction) =>
    isOwn(req.path) ? handler(req, res, next) : next();
}

/** Turns TOTP on for a user by the service; returns what gives a fresh code. */
export async function enrollUser(made: Rig, userId: string | number | bigint = "ada") {
  const setup = await made.totp.beginSetup(userId);
  if (!setup.ok) throw new Error(`no setup: ${setup.reason}`);
  const { secret } = setup;
  const code = () => codeAt(secret, made.clock.time);
  const confirmed = await made.totp.confirm(userId, code());
  if (!confirmed.ok) throw new Error(`not confirmed: ${confirmed.reason}`);
  made.clock.advance(30);
  made.events.length = 0;
  const fresh = () => {
    made.clock.advance(30);
    return code();
  };
  return { secret, backupCodes: confirmed.backupCodes, fresh };
}
