import type { AppResponse } from "express-totp-setup/testing";
import type { Bug, HasBug } from "./bugs.js";
import { type Received, respond } from "./messages.js";

const LEFT_OUT: Readonly<Record<string, Bug>> = {
  "POST /login/code": "leaves out the origin at the sign-in",
  "POST /setup": "leaves out the origin at the setup",
  "POST /profile": "leaves out the origin at the profile",
  "POST /payouts": "leaves out the origin at the payouts",
};

/** Whether the app recognizes a request that another site made a browser send. */
export function isFromElsewhere({ route, headers }: Received, has: HasBug): boolean {
  const bug = LEFT_OUT[route];
  if (route.startsWith("GET ") || has("never looks at the origin") || (bug && has(bug)))
    return false;
  const { origin, "sec-fetch-site": site } = headers;
  if (site === undefined && has("trusts browsers without Sec-Fetch-Site")) return false;
  if (origin === "null" && has("trusts Origin: null")) return false;
  if (site === "same-site" && has("trusts the same site")) return false;
  const isJson = headers["content-type"]?.startsWith("application/json");
  if (isJson && has("allows every origin by CORS")) return false;
  return origin !== undefined || (site !== undefined && site !== "same-origin");
}

export function preflight({ headers }: Received, has: HasBug): AppResponse {
  if (!has("allows every origin by CORS")) return respond(404);
  return respond(
    204,
    {},
    {
      "access-control-allow-origin": headers.origin ?? "",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": headers["access-control-request-headers"] ?? "",
    },
  );
}
