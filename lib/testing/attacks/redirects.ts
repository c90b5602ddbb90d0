import { addFields, addToQuery } from "../app/alter.js";
import type { Exchange } from "../app/client.js";
import type { Operation } from "../app/operations.js";
import type { Alter } from "../app/request.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import { show } from "../show.js";
import type { OperationAttack } from "./attack.js";

export const OPERATION_REDIRECTS: readonly OperationAttack[] = [
  { name: "no parameter redirects to another site", run: redirectsOut },
];

/** Common names of the parameter that says where to redirect to. */
const PARAMETERS = [
  "to",
  "next",
  "return_to",
  "returnTo",
  "return_url",
  "returnUrl",
  "redirect",
  "redirect_to",
  "redirectTo",
  "redirect_uri",
  "continue",
  "goto",
  "target",
  "url",
  "back",
];

const EVIL = "evil.example";
/** Values that some browser resolves to another host or a script, and that a careless check takes for a path. */
const TARGETS = [
  `https://${EVIL}/`,
  `//${EVIL}/`,
  `/\\${EVIL}/`,
  `\\\\${EVIL}/`,
  `/.//${EVIL}/`,
  `/..//${EVIL}/`,
  `///${EVIL}/`,
  `https:${EVIL}`,
  `/\t/${EVIL}/`,
  `/\n/${EVIL}/`,
  `\t//${EVIL}/`,
  ` //${EVIL}/`,
  `/%09/${EVIL}/`,
  `//app.invalid@${EVIL}/`,
  `javascript:alert(1)//${EVIL}`,
  `java\tscript:alert(1)//${EVIL}`,
  `data:text/html,${EVIL}`,
];

async function redirectsOut(trial: AppTrial, operation: Operation): Promise<void> {
  const isReusable = operation.isRepeatable && trial.config.advance !== undefined;
  let enrolled = await trial.newUser();
  for (const target of TARGETS) {
    const alter = sending(target);
    if (!isReusable) enrolled = await trial.newUser();
    const { client, submit } = await operation.prepare(trial, enrolled, { alter });
    await submit(await enrolled.freshCode(), client.altered(alter));
    const found = client.history.find(isRedirectOut);
    if (!found) continue;
    complain(
      `${found.request} redirected to ${show(target)}, the value of a parameter: a link to the app can lead to another site that looks like the app and asks for a code. Redirect only to paths of the app: resolve the value with new URL(value, origin), compare the origin, and redirect to the pathname if it does not begin with two slashes.`,
      seen(client),
    );
  }
}

function sending(target: string): Alter {
  const fields = Object.fromEntries(PARAMETERS.map((name) => [name, target]));
  const [inQuery, inForm] = [addToQuery(fields), addFields(fields)];
  // Not in JSON, because many apps refuse unknown fields there.
  return ({ json, ...draft }) => ({ ...inQuery(inForm(draft)), json });
}

/** Any origin that is not the attacker's. */
const BASE = "http://app.invalid";

function isRedirectOut({ response }: Exchange): boolean {
  const { location } = response.headers;
  const text = typeof location === "string" ? location : undefined;
  if (text === undefined || !URL.canParse(text, BASE)) return false;
  const { hostname, protocol } = new URL(text, BASE);
  return hostname.endsWith(EVIL) || !/^https?:$/.test(protocol);
}
