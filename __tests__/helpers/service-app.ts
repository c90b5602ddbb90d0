import type { Express, NextFunction, Request, Response } from "express";
import type { RequireTotpOptions, TotpRouterOptions, TotpServiceOptions } from "express-totp-setup";
import type { OpenApiOptions, RouteName } from "express-totp-setup/openapi";
import request from "supertest";
import { ROUTES } from "../../lib/routes/table.js";
import type { ExpressVersion } from "./express-versions.js";
import type { Exceptions } from "./openapi-answers.js";
import { begin, codeAt, createRig, type Rig } from "./service.js";
import { validated, validatedGuard } from "./validated.js";

export const BASE = "/auth/v1/users/current/totp";

export const PATHS = {
  setup: `${BASE}/setup`,
  verify: `${BASE}/verify`,
  status: `${BASE}/status`,
  delete: `${BASE}/delete`,
  regenerate: `${BASE}/backup-codes/regenerate`,
  /** Mounted only with `freshness`. */
  stepUp: `${BASE}/step-up`,
  devices: `${BASE}/devices`,
  revokeDevice: `${BASE}/devices/some-id`,
  login: "/auth/v1/verify-totp",
  /** A route of the app's own, behind `requireTotp`. */
  transfer: "/transfers",
};

const USERS = ["ada", "eve"];

/** The API key of a user. */
export const keyOf = (user: string) => `key-of-${user}`;
/** A session of a user that waits for its second step. */
export const sessionOf = (user: string) => `session-of-${user}`;

type Loose<T> = { [Name in keyof T]?: unknown };

export interface ServiceAppOptions {
  service?: Partial<TotpServiceOptions>;
  router?: Loose<TotpRouterOptions>;
  guard?: Loose<RequireTotpOptions>;
  /** Mounts what stands before the router. */
  before?: (app: Express) => void;
  /** What the OpenAPI document cannot know of its answers. */
  exceptions?: Exceptions;
}

export interface ServiceApp extends Rig {
  app: Express;
  /** What came to `onError`. */
  errors: unknown[];
  /** What came to the app's own error handler, where nothing of the library's should. */
  escaped: unknown[];
  /** How often the app's own route was reached. */
  transfers: number;
  /** What it found in `req.totp`. */
  verifications: unknown[];
}

/** An app with all routes, which knows two users, `ada` and `eve`. Its answers are validated. */
export function createServiceApp(
  { express, lib }: ExpressVersion,
  { service, router, guard, before, exceptions }: ServiceAppOptions = {},
): ServiceApp {
  const rig = createRig(service, undefined, lib);
  const made: ServiceApp = {
    ...rig,
    app: express(),
    errors: [],
    escaped: [],
    transfers: 0,
    verifications: [],
  };
  const { app, totp } = made;
  const find = (prefix: string) => (text: string) =>
    USERS.find((user) => text === prefix + user) ?? null;
  const authenticate = find(keyOf(""));
  const onError = (error: unknown) => made.errors.push(error);

  before?.(app);
  const routerOptions = {
    totp,
    authenticate,
    resolveLoginSession: find(sessionOf("")),
    onError,
    ...router,
  };
  const routes = lib.createTotpRouter(routerOptions as TotpRouterOptions);
  const ownFields = router?.issueTokens !== undefined;
  app.use(validated(routes, documentOf(routerOptions), { ownFields, ...exceptions }));
  const guardOptions = { totp, authenticate, onError, ...guard };
  const requireTotp = lib.requireTotp(guardOptions as RequireTotpOptions);
  app.post(PATHS.transfer, validatedGuard(requireTotp, exceptions), (req, res) => {
    made.transfers++;
    made.verifications.push(req.totp);
    res.status(201).json({ done: true });
  });
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    made.escaped.push(error);
    res.status(599).end();
  });
  return made;
}

/** The options of the OpenAPI document of a router. */
function documentOf(options: Loose<TotpRouterOptions>): OpenApiOptions {
  const { basePath, loginPath, apiKeyHeader, freshness } = options;
  const all = Object.keys(ROUTES) as RouteName[];
  const routes = freshness ? all : all.filter((name) => name !== "stepUp");
  return { routes, basePath, loginPath, apiKeyHeader } as OpenApiOptions;
}

export interface Sent {
  /** Whose API key comes along; `null` for none. */
  as?: string | null;
  /** The fresh code in X-TOTP-Code. */
  code?: string;
  body?: unknown;
  headers?: Record<string, string>;
  method?: string;
}

const VERBS: Record<string, string> = {
  [PATHS.status]: "get",
  [PATHS.devices]: "get",
  [PATHS.delete]: "delete",
  [PATHS.revokeDevice]: "delete",
};

type Server = Parameters<typeof request>[0];

/** Sends a request as a client does. */
export async function send(
  server: Server,
  path: string,
  { as = "ada", code, body, headers = {}, method }: Sent = {},
): Promise<request.Response> {
  const verb = (method ?? VERBS[path] ?? "post").toLowerCase() as "post";
  const call = request(server)[verb](path);
  if (as !== null) call.set("X-API-Key", keyOf(as));
  if (code !== undefined) call.set("X-TOTP-Code", code);
  for (const [name, value] of Object.entries(headers)) call.set(name, value);
  return body === undefined ? call : call.send(body as object);
}

/** Turns TOTP on for a user, past the routes. Afterwards there is a fresh code. */
export async function enrollDirectly(made: ServiceApp, user = "ada") {
  const secret = await begin(made, user);
  const outcome = await made.totp.confirm(user, codeAt(secret, made.clock.time));
  if (!outcome.ok) throw new Error(outcome.reason);
  made.clock.advance(30);
  made.events.length = 0;
  const fresh = () => codeAt(secret, made.clock.time);
  return { secret, backupCodes: outcome.backupCodes, fresh };
}
