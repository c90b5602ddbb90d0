import { randomBytes } from "node:crypto";
import type { AppRequest, AppResponse } from "express-totp-setup/testing";
import { type Account, Accounts, type Guess, newSecret } from "./accounts.js";
import type { Bug, HasBug } from "./bugs.js";
import { isFromElsewhere, preflight } from "./cross-site.js";
import { type Received, read, respond } from "./messages.js";
import { targetOf } from "./target.js";

interface Session {
  /** Who is signed in. */
  account?: Account | undefined;
  /** Whose login is pending. */
  waiting?: Account | undefined;
  signedInAt?: number;
  /** When a code was last accepted. */
  codeAt?: number;
}

interface Context extends Received {
  session: Session;
  /** Creates a new session with a new id. */
  renew(session: Session): Record<string, string>;
}

type Handler = (context: Context) => AppResponse | Promise<AppResponse>;

const RECENT_MS = 300_000;
const UNAUTHORIZED = respond(401);

/** Creates an app with two-factor that does not use the library and does not listen on a port. */
export function createVulnerableApp(...bugs: Bug[]) {
  const has: HasBug = (bug) => bugs.includes(bug);
  const accounts = new Accounts(has);
  const sessions = new Map<string, Session>();
  const logins = new Map<string, Account>();
  const { clock } = accounts;

  function openSession(session: Session, id = randomBytes(12).toString("hex")) {
    sessions.set(id, session);
    return { "set-cookie": `sid=${id}; HttpOnly; SameSite=None` };
  }

  function contextOf(received: Received): Context {
    const { sessionId = "" } = received;
    const session = sessions.get(sessionId) ?? {};
    return {
      ...received,
      session,
      renew(next) {
        if (has("keeps the session id") && sessions.has(sessionId)) {
          return openSession(next, sessionId);
        }
        if (!has("keeps the login")) sessions.delete(sessionId);
        return openSession(next);
      },
    };
  }

  const guessOf = ({ sessionId = "", headers }: Context, call: string): Guess => ({
    call,
    sessionId,
    address: headers["x-forwarded-for"] ?? "",
    userAgent: headers["user-agent"] ?? "",
  });

  async function isLetThrough(context: Context, account: Account, call: string): Promise<boolean> {
    const { body } = context;
    const options: { isTrusted?: unknown } = has("merges the body") ? merge({}, body) : {};
    if (has("trusts a field") && body.isTrusted === true) return true;
    if (has("trusts a field of proof") && Object(body.proof).isTrusted === true) return true;
    if (options.isTrusted === true) return true;
    return accounts.verify(account, body.code, guessOf(context, call));
  }

  function loginOf(id: unknown): Account | undefined {
    const isQuery = typeof id === "object" && id !== null && "$ne" in id;
    if (isQuery && has("passes the id of a login to a query")) return [...logins.values()].at(-1);
    const byEmail = has("takes the user from the request") ? accounts.find(id) : undefined;
    return byEmail ?? logins.get(String(id));
  }

  const refused = (account: Account) =>
    respond(
      403,
      has("has the right code in errors") ? { not: accounts.right(String(account.secret)) } : {},
    );

  const done = ({ query: { to } }: Context) =>
    to === undefined ? respond(200) : respond(303, {}, { location: targetOf(to, has) });

  const cacheControl = (bug: Bug): Record<string, string> =>
    has(bug) ? { "cache-control": "private" } : {};

  const routes: Record<string, Handler> = {
    "POST /login"({ body, renew }) {
      const account = accounts.find(body.email);
      if (!account) return UNAUTHORIZED;
      const isIn = !account.secret || has("signs in by the password");
      const id = randomBytes(12).toString("hex");
      logins.set(id, account);
      const next = isIn ? { account, signedInAt: clock.time } : { waiting: account };
      return respond(200, { login: id }, body.by_id && !isIn ? {} : renew(next));
    },

    async "POST /login/code"(context) {
      const { body, session, renew } = context;
      const byCode = has("finds the user by the code") ? accounts.ownerOf(body.code) : undefined;
      const account = loginOf(body.login) ?? session.waiting ?? byCode;
      if (!account) return UNAUTHORIZED;
      if (!(await isLetThrough(context, account, "sign-in"))) return refused(account);
      if (!has("keeps the login")) logins.delete(String(body.login));
      const cookie = renew({ account, signedInAt: clock.time, codeAt: clock.time });
      return respond(303, {}, { ...cookie, location: targetOf(context.query.to ?? body.to, has) });
    },

    "GET /account"({ session: { account }, renew, sessionId }) {
      if (!account) return respond(401, {}, sessionId ? {} : renew({}));
      const secret = has("has the secret in the account") ? account.secret : undefined;
      return respond(200, { email: account.email, secret });
    },

    "GET /status"({ session: { account } }) {
      if (!account) return UNAUTHORIZED;
      const codes = has("has the backup codes in the status") ? [...account.backupCodes] : [];
      const secret = account.secret?.replace(/(.{4})/g, "$1 ").toLowerCase();
      return respond(200, { codes, secret: has("has the secret in the status") ? secret : "" });
    },

    async "POST /transfers"(context) {
      const { account } = context.session;
      if (!account) return UNAUTHORIZED;
      return (await isLetThrough(context, account, "transfer")) ? done(context) : refused(account);
    },

    async "POST /step-up"(context) {
      const { session } = context;
      const { account } = session;
      if (!account) return UNAUTHORIZED;
      if (!(await isLetThrough(context, account, "step-up"))) return refused(account);
      session.codeAt = has("never ends a step-up") ? Number.POSITIVE_INFINITY : clock.time;
      if (has("steps up all sessions")) account.codeAt = clock.time;
      return done(context);
    },

    "POST /payouts"({ session }) {
      const waiting = has("lets waiting logins see payouts") && session.waiting;
      if (waiting) return respond(200);
      if (!session.account) return UNAUTHORIZED;
      const codeAt = session.account.codeAt ?? session.codeAt ?? 0;
      const isFresh = clock.time - codeAt <= RECENT_MS || has("forgets to guard payouts");
      return respond(isFresh ? 200 : 403);
    },

    async "POST /disable"(context) {
      const { account } = context.session;
      if (!account) return UNAUTHORIZED;
      if (!(await isLetThrough(context, account, "disable"))) return refused(account);
      account.secret = undefined;
      return done(context);
    },

    "POST /profile"({ session }) {
      if (has("refuses changes of the profile")) return respond(403);
      const waiting = has("lets waiting logins change the profile") && session.waiting;
      return session.account || waiting ? respond(200) : UNAUTHORIZED;
    },

    "POST /setup"({ session, body }) {
      if (has("refuses setups")) return respond(403);
      const waiting = has("begins setups for waiting logins") ? session.waiting : undefined;
      const account = session.account ?? waiting;
      if (!account) {
        return has("begins setups for anybody")
          ? respond(200, { secret: newSecret() })
          : UNAUTHORIZED;
      }
      if (account.secret && has("shows the secret again")) {
        return respond(200, { secret: account.secret });
      }
      if (account.secret && !waiting && !has("replaces without a code")) return refused(account);
      const age = clock.time - (session.signedInAt ?? clock.time);
      if (age > RECENT_MS && !has("ignores the age of a sign-in")) return respond(403);
      const chosen = has("takes the secret at the beginning") && body.secret;
      account.pending = chosen ? String(chosen) : newSecret();
      const cached = cacheControl("lets the setup be cached");
      return respond(200, { secret: account.pending }, cached);
    },

    "POST /confirm"({ session: { account }, body }) {
      const chosen = has("takes the secret at the end") && body.secret;
      const secret = chosen ? String(chosen) : account?.pending;
      const step = secret && accounts.stepOf(secret, body.code);
      if (!account || !step) return respond(422);
      if (has("confirms no setup")) return respond(200);
      Object.assign(account, { secret, pending: undefined });
      if (!has("forgets the code that confirmed the setup")) {
        accounts.markUsed(account, String(body.code), step, "sign-in");
      }
      const cached = cacheControl("lets backup codes be cached");
      return respond(200, { codes: accounts.giveBackupCodes(account) }, cached);
    },
  };

  async function request(sent: AppRequest): Promise<AppResponse> {
    const received = read(sent);
    if (sent.method === "OPTIONS") return preflight(received, has);
    if (isFromElsewhere(received, has)) return respond(403);
    return (await routes[received.route]?.(contextOf(received))) ?? respond(404);
  }

  return { accounts, request, advance: (seconds: number) => clock.advance(seconds) };
}

/** Merges like libraries that allow prototype pollution. */
function merge(target: object, source: object): object {
  for (const [name, value] of Object.entries(source)) {
    if (name === "__proto__") Object.setPrototypeOf(target, Object(value));
  }
  return target;
}
