import type { NextFunction, Request, Response } from "express";
import type { TotpEvent, TotpStore } from "../../../lib/index.js";
import type { Loaded } from "../fuzz/apps.js";
import { createRig, type Rig, TestClock } from "../service.js";

/** Called in a callback of the app, or in its store, with all that the callback knows. May throw. */
export type Fault = (name: string, ...known: unknown[]) => unknown;

export interface LeakApp extends Rig {
  app: import("express").Express;
  /** Where everything is that has a public shape. */
  objects: Record<string, unknown>;
  sessions: Map<string, Record<string, unknown>>;
  /** What came to `onError`, if that is not left to the default log. */
  errors: unknown[];
  /** What came to the app's `errorHandler`. */
  handled: unknown[];
  /** Decides what goes wrong. */
  fault: { now: Fault };
}

/** Whether the default log prints errors, or the app's hooks are called with them. */
export type ErrorsGoTo = "log" | "hooks";

/** Of the session router, beside that of API keys. */
export const SESSION_BASE = "/session";
export const KEY_OF_ADA = "ak_live_mTq7Zx-9vLp2";
/** What states are encrypted with. */
export const KEY = "bW5vcHFyc3R1dnd4eXphYmNkZWZnaGlqa2xtbm9wcXI=";
export const PENDING_AT = "/pending/setup";
export const TRANSFERS = { key: "/transfers", session: "/session-transfers" };

/** An app with everything that can be mounted, of which every callback can fail. */
export function createLeakApp({ express, lib, pages }: Loaded, errorsGoTo: ErrorsGoTo): LeakApp {
  const fault: LeakApp["fault"] = { now: () => undefined };
  const call = (name: string, ...known: unknown[]) => fault.now(name, ...known);
  const [errors, handled]: [unknown[], unknown[]] = [[], []];
  const sessions: LeakApp["sessions"] = new Map();
  const clock = new TestClock();
  const events: TotpEvent[] = [];
  const memory = lib.createMemoryStore({ now: clock.now });
  // What an error of a database quotes is not encrypted.
  const encryption = errorsGoTo === "hooks" ? { current: { id: "one", key: KEY } } : undefined;
  const rig = createRig(
    {
      encryption,
      store: failingStore(memory, call),
      now: () => (call("now") ?? clock.time) as number,
      accountName: (user) => (call("accountName", user) ?? "ada@example.com") as string,
      timeoutMs: 10,
      onEvent: (event) => {
        events.push(event);
        return call("onEvent", event);
      },
    },
    clock,
    lib,
  );
  const { totp } = rig;
  const freshness = lib.sessionFreshness({
    maxAgeSeconds: 300,
    get: (req) => call("freshness.get", req) ?? sessionOf(req).fresh,
    set: (req, value) => {
      sessionOf(req).fresh = value;
      return call("freshness.set", req, value);
    },
  });
  const shared = {
    ...(errorsGoTo === "hooks" && {
      onError: (error: unknown) => errors.push(error),
      errorHandler: (error: unknown, _req: Request, _res: Response, next: NextFunction) => {
        handled.push(error);
        next(error);
      },
    }),
    eventContext: (req: Request) => call("eventContext", req) ?? { ip: req.ip },
  };
  const authenticate = (apiKey: string) =>
    (call("authenticate", apiKey) ?? (apiKey === KEY_OF_ADA ? "ada" : null)) as string | null;
  const getUser = (req: Request) =>
    (call("getUser", req) ?? sessionOf(req).userId) as string | undefined;
  const setupRouter = lib.createTotpSetupRouter({
    ...shared,
    authenticate,
    path: PENDING_AT,
    timeoutMs: 10,
    issuer: (_user, req) => (call("issuer", req) ?? "Acme") as string,
    savePendingSecret: (...known) => call("savePendingSecret", ...known),
    qrCode: (uri) => (call("qrCode", uri) ?? "data:,") as string,
    onEvent: (event) => {
      events.push(event as TotpEvent);
      return call("onEvent", event);
    },
  });
  const issueTokens = (given: unknown) =>
    call("issueTokens", given) as Record<string, unknown> | undefined;
  const router = lib.createTotpRouter({ ...shared, totp, authenticate, issueTokens });
  const sessionRouter = lib.createTotpRouter({
    ...shared,
    totp,
    getUser,
    authorizeSetup: (user) => (call("authorizeSetup", user) ?? true) as boolean,
    mustEnroll: (user) => (call("mustEnroll", user) ?? false) as boolean,
    freshness,
    issueTokens,
    deviceCookie: true,
    basePath: SESSION_BASE,
    loginPath: `${SESSION_BASE}/login`,
  });
  const guard = lib.requireTotp({
    ...shared,
    totp,
    authenticate,
    getCode: (req) => (call("getCode", req) ?? req.get("X-TOTP-Code")) as string | undefined,
    whenNotEnabled: (user) => (call("whenNotEnabled", user) ?? "refuse") as "refuse",
  });
  const sessionGuard = lib.requireTotp({ ...shared, totp, getUser, freshness });
  const { errorHandler: _, ...sharedByPages } = shared as typeof shared & {
    errorHandler?: unknown;
  };
  const pagesRouter = pages.createTotpPages({
    ...sharedByPages,
    totp,
    getUser,
    authorizeSetup: "any-session",
    mustEnroll: (user) => (call("mustEnroll", user) ?? false) as boolean,
    freshness,
    getLoginSession: (req) => (call("getLoginSession", req) ?? sessionOf(req).login) as string,
    findUser: (userId) => (call("findUser", userId) ?? null) as null,
    onLogin: ({ userId, req }) => {
      sessionOf(req).userId = String(userId);
      return (call("onLogin", req) ?? "/home") as string;
    },
    onEnabled: ({ req }) => call("onEnabled", req),
    onDisabled: ({ req }) => call("onDisabled", req),
    texts: (req) => (call("texts", req) ?? {}) as object,
  });

  const app = express();
  app.use((req, _res, next) => {
    const sid = /(?:^|; )sid=([\w-]+)/.exec(req.headers.cookie ?? "")?.[1] ?? "";
    Object.assign(req, { session: sessions.get(sid) ?? {} });
    next();
  });
  app.use(setupRouter, router, sessionRouter);
  const done: unknown[] = [];
  const transfer = (req: Request, res: Response) => {
    done.push(req.totp);
    res.status(201).json({ done: true });
  };
  app.post(TRANSFERS.key, guard, transfer);
  app.post(TRANSFERS.session, sessionGuard, transfer);
  app.use("/two-factor", pagesRouter);
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    res.status(Number(Object(error).status ?? 599)).end();
  });
  const encrypter = lib.createEncrypter({ current: { id: "one", key: KEY } });
  const objects = {
    service: totp,
    "memory store": memory,
    "setup router": setupRouter,
    router,
    "session router": sessionRouter,
    guard,
    pages: pagesRouter,
    freshness,
    encrypter,
    "req.totp": done,
    TRUSTED: lib.TRUSTED,
  };
  return { ...rig, events, app, objects, sessions, errors, handled, fault };
}

function sessionOf(req: Request): Record<string, unknown> {
  return (req as unknown as { session: Record<string, unknown> }).session;
}

/** Returns what a fault returns, if it returns anything. */
function failingStore({ get, compareAndSet }: TotpStore, call: Fault): TotpStore {
  return {
    get: async (userId) => {
      const value = await get(userId);
      return (call("store.get", value) ?? value) as string | undefined;
    },
    compareAndSet: async (...given) =>
      (call("store.compareAndSet", ...given) ?? (await compareAndSet(...given))) as boolean,
  };
}
