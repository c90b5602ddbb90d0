import type { RouteName } from "../../../lib/routes/table.js";
import { ROUTES } from "../../../lib/routes/table.js";
import { type Check, createGuardCheck, createRouterCheck } from "../openapi-answers.js";
import { read } from "../openapi-document.js";
import { GUARDED, OWN, type TargetName } from "./apps.js";
import { checkPage, isPagePath } from "./judge-pages.js";
import type { Reply } from "./wire.js";

/** Who a response is of. */
export type Author = "documented" | "Express" | "Node";

export interface Verdict {
  author: Author;
  problems: string[];
}

/** Judges the responses of a target. */
export type Judge = (reply: Reply) => Verdict;

/** Of requests that Node cannot read, or does not want to: they never get to the app. */
const STATUSES_OF_NODE = [400, 408, 413, 417, 431];

export function createJudge(target: TargetName): Judge {
  const judge = judgeOf(target);
  return (reply) => {
    const { asked, status } = reply;
    if (!asked) {
      const isExpected = STATUSES_OF_NODE.includes(status);
      return { author: "Node", problems: isExpected ? [] : [`${status} of Node`] };
    }
    // Express mounts nothing at URLs such as `ftp://host/path`, though it reads a path in them.
    const isKnown = asked.url.startsWith("/") && judge.isKnown(asked.path);
    if (isOfExpress(reply) && !isKnown) return { author: "Express", problems: [] };
    return { author: "documented", problems: judge.check(reply) };
  };
}

/** What Express responds with to a path that nothing is mounted at. */
function isOfExpress({ status, headers, body, asked }: Reply): boolean {
  const isHtml = headers["content-type"] === "text/html; charset=utf-8";
  return status === 404 && isHtml && (asked?.method === "HEAD" || body.includes("<pre>Cannot "));
}

interface Target {
  isKnown(path: string): boolean;
  check(reply: Reply): string[];
}

function judgeOf({ kind, identity }: TargetName): Target {
  if (kind === "pages") {
    return { isKnown: (path) => isPagePath(path), check: checkPage };
  }
  if (kind === "guard") {
    const check = createGuardCheck();
    return {
      isKnown: (path) => new RegExp(`^${GUARDED}/?$`, "i").test(path),
      check: (reply) => (reply.headers[OWN.toLowerCase()] ? [] : checkReply(check, reply)),
    };
  }
  const all = Object.keys(ROUTES) as RouteName[];
  const withoutStepUp = all.filter((name) => name !== "stepUp");
  const ofRouter = identity === "session" ? all : withoutStepUp;
  const options = { routes: kind === "router" ? ofRouter : (["setup"] as const) };
  const check = createRouterCheck(options);
  const { findPath } = read(options, false);
  return {
    isKnown: (path) => findPath(path) !== undefined,
    check: (reply) => checkReply(check, reply),
  };
}

/** A response to HEAD has no body, so only what is not about it can be wrong. */
function checkReply(check: Check, reply: Reply): string[] {
  const { status, headers, asked } = reply;
  const { method = "", path = "" } = asked ?? {};
  const body = Buffer.from(reply.body, "latin1").toString();
  // Express refuses a parameter that it cannot decode before it looks at the method: as documented for DELETE.
  if (status === 400 && method !== "HEAD" && !isDecodable(path)) {
    return check({ method: "DELETE", path, status, headers, body });
  }
  if (method !== "HEAD") return check({ method, path, status, headers, body });
  const isJson = headers["content-type"] === "application/json; charset=utf-8";
  return status < 500 && headers["cache-control"] === "no-store" && isJson ? [] : ["HEAD"];
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
