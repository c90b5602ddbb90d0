import type { Express, NextFunction, Request, Response } from "express";
import type { UserId } from "../../../lib/index.js";
import { createRig, type Rig } from "../service.js";

/** An Express, and the library as it was loaded beside it. */
export interface Loaded {
  express: typeof import("express");
  lib: typeof import("../../../lib/index.js");
  pages: typeof import("../../../lib/pages/index.js");
}

export const KINDS = ["setup router", "router", "guard", "pages"] as const;
export type Kind = (typeof KINDS)[number];
export type Identity = "API key" | "session";

/** What is fuzzed: one kind of router, with one kind of identity. */
export interface TargetName {
  kind: Kind;
  identity: Identity;
}

/** Pages are for sessions. */
export const TARGETS: readonly TargetName[] = KINDS.flatMap((kind) => {
  const identities: Identity[] = kind === "pages" ? ["session"] : ["API key", "session"];
  return identities.map((identity) => ({ kind, identity }));
});

/** Where the pages are mounted. */
export const PAGES_AT = "/two-factor";
/** Behind `requireTotp`. */
export const GUARDED = "/transfers";
/** Asked for behind every fuzzed request: its response shows that the connection still works. */
export const END = "/-/end";

/** Has a response of the app's own. */
export const OWN = "X-Own";

/** The session of each user, under the value of the cookie `sid`. */
export type Sessions = Map<string, Record<string, unknown>>;

export interface FuzzApp extends Rig {
  app: Express;
  sessions: Sessions;
}

/** Half a body is waited for this long. */
const TIMEOUT_MS = 40;

/**
 * An app with one router, guard or set of pages. Users have their names in their API keys and in the cookies of
 * their sessions.
 *
 * @param onProblem - Called with what came to `onError` or to the app's own error handler: nothing should.
 */
export function createFuzzApp(
  loaded: Loaded,
  { kind, identity }: TargetName,
  onProblem: (problem: unknown, user: string | undefined) => void,
): FuzzApp {
  const { express, lib } = loaded;
  // Nothing is kept of the requests: a test of the memory reads the heap.
  const rig = createRig({ timeoutMs: TIMEOUT_MS, onEvent: () => {} }, undefined, lib);
  const sessions: Sessions = new Map();
  const app = express();
  app.use((req, res, next) => {
    // So that who reads the response knows how the request was understood.
    res.setHeader("X-Asked", encodeURIComponent(JSON.stringify([req.method, req.path, req.url])));
    const sid = /(?:^|; )sid=([\w-]+)/.exec(req.headers.cookie ?? "")?.[1] ?? "";
    Object.assign(req, { session: sessions.get(sid) ?? {} });
    next();
  });
  app.get(END, (_req, res) => {
    res.end();
  });
  mount(app, loaded, rig, kind, {
    ...(identity === "session" ? { getUser } : { authenticate }),
    onError: (error, req) => onProblem(error, userOf(req)),
  });
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    onProblem(error, userOf(req));
    res.status(599).end();
  });
  return { ...rig, app, sessions };
}

const sessionOf = (req: Request) =>
  (req as unknown as { session: Record<string, unknown> }).session;
/** Whose request it is, whether or not it gets that far. */
const userOf = ({ rawHeaders }: Request) => /(?:sid=|key-of-)(\w+)/.exec(rawHeaders.join())?.[1];
const getUser = (req: Request) => sessionOf(req).userId as UserId | undefined;
const authenticate = (apiKey: string) => /^key-of-([\w-]+)$/.exec(apiKey)?.[1];

type Shared = { onError: (error: unknown, req: Request) => void } & (
  | { getUser: typeof getUser }
  | { authenticate: typeof authenticate }
);

function mount(app: Express, { lib, pages }: Loaded, { totp }: Rig, kind: Kind, shared: Shared) {
  const isSession = "getUser" in shared;
  const freshness = isSession ? lib.sessionFreshness({ maxAgeSeconds: 300 }) : undefined;
  if (kind === "setup router") {
    app.use(lib.createTotpSetupRouter({ ...shared, savePendingSecret: () => {}, qrCode: "uri" }));
  } else if (kind === "router") {
    app.use(
      lib.createTotpRouter({
        ...shared,
        totp,
        freshness,
        authorizeSetup: isSession ? "any-session" : undefined,
        issueTokens: ({ userId }) => ({ access_token: `token of ${userId}` }),
        deviceCookie: isSession,
        otpauthUri: isSession,
      }),
    );
  } else if (kind === "guard") {
    app.all(GUARDED, lib.requireTotp({ ...shared, totp, freshness }), (_req, res) => {
      res.setHeader(OWN, "1");
      res.status(201).end();
    });
  } else {
    app.use(
      PAGES_AT,
      pages.createTotpPages({
        getUser,
        onError: shared.onError,
        totp,
        authorizeSetup: "any-session",
        signInPath: "/sign-in",
        ...(freshness && { freshness }),
        getLoginSession: (req) => sessionOf(req).totpLogin as string | undefined,
        onLogin: ({ userId, req }) => {
          sessionOf(req).userId = userId;
          return "/home";
        },
      }),
    );
  }
}
