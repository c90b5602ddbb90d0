import type { Exchange } from "../app/client.js";
import { addFields, addToQuery } from "../app/code-field.js";
import type { Door } from "../app/doors.js";
import type { Alter } from "../app/request.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import { show } from "../show.js";
import type { DoorAttack } from "./attack.js";

export const DOOR_REDIRECTS: readonly DoorAttack[] = [
  { name: "no parameter leads out of the app", run: leadsOut },
];

/** What apps call the parameter that says where to go on. */
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
/** Texts that some browser takes for another host, or for a script, though a check may take them for a path. */
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

async function leadsOut(trial: AppTrial, door: Door): Promise<void> {
  const isReusable = door.isRepeatable && trial.config.advance !== undefined;
  let enrolled = await trial.newUser();
  for (const target of TARGETS) {
    const alter = sending(target);
    if (!isReusable) enrolled = await trial.newUser();
    const { client, open } = await door.approach(trial, enrolled, { alter });
    await open(await enrolled.freshCode(), client.altered(alter));
    const found = client.history.find(isRedirectOut);
    if (!found) continue;
    complain(
      "A link to the app led its user to another site, which can look like the app and ask for a code. Accept paths of the app alone: resolve the text with new URL(text, origin), compare the origin, and redirect to the pathname unless it begins with two slashes.",
      seen(client, `${found.request} redirected to ${show(target)}, the value of a parameter.`),
    );
  }
}

function sending(target: string): Alter {
  const fields = Object.fromEntries(PARAMETERS.map((name) => [name, target]));
  const [inQuery, inForm] = [addToQuery(fields), addFields(fields)];
  // Not in JSON, of which many apps refuse fields that they do not know.
  return ({ json, ...draft }) => ({ ...inQuery(inForm(draft)), json });
}

/** Any base: all targets lead to one host. */
const BASE = "http://app.invalid";

function isRedirectOut({ response }: Exchange): boolean {
  const { location } = response.headers;
  const text = typeof location === "string" ? location : undefined;
  if (text === undefined || !URL.canParse(text, BASE)) return false;
  const { hostname, protocol } = new URL(text, BASE);
  return hostname.endsWith(EVIL) || !/^https?:$/.test(protocol);
}
