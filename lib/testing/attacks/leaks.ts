import { decodeBase32 } from "../../otp/base32.js";
import type { Client, Exchange } from "../app/client.js";
import type { Door } from "../app/doors.js";
import { beginSetup, enrollByRoutes, SETUP_NEEDS } from "../app/setup.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, DoorAttack } from "./attack.js";
import { LIVE_SECRET, TURNED_ON } from "./setup.js";

export const LEAKS: readonly Attack[] = [
  {
    name: "leaks: no response to a signed-in user has the secret or a backup code",
    dependsOn: [LIVE_SECRET],
    run: secretLater,
  },
  {
    name: "leaks: the response with the secret is not cached",
    needs: SETUP_NEEDS,
    dependsOn: [TURNED_ON],
    run: cachedSetup,
  },
  {
    name: "leaks: the response with the backup codes is not cached",
    needs: SETUP_NEEDS,
    dependsOn: [TURNED_ON],
    run: cachedCodes,
  },
];

export const DOOR_LEAKS: readonly DoorAttack[] = [
  { name: "the response to a wrong code has no right one", run: rightCode },
];

async function secretLater(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const client = await trial.signedIn(enrolled);
  for (const path of trial.config.paths) await client.send(`GET ${path}`);
  if (trial.config.beginSetup) await beginSetup(trial, client);
  const secrets = [...spellingsOf(enrolled.secret), ...(enrolled.user.backupCodes ?? [])];
  const found = secrets.flatMap((secret) => carrier(client, secret) ?? [])[0];
  if (!found) return;
  complain(
    "A secret is in a response after the setup, for every script and every log to read. Do not serialize the user's record as it is; show secrets once, in the response to the setup.",
    seen(client, `It is in the response to ${found.request}.`),
  );
}

async function rightCode(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, open } = await door.approach(trial, enrolled);
  const right = await enrolled.freshCode();
  const [wrong = ""] = enrolled.wrongCodes(1);
  await open(wrong);
  const isIn = new RegExp(`(?<!\\w)${right}(?!\\w)`);
  const found = client.history.find(({ response }) => isIn.test(textOf(response)));
  if (!found) return;
  complain(
    "The response to a wrong code has the right one in it. Never put what was expected into an error.",
    seen(client, `It is in the response to ${found.request}.`),
  );
}

async function cachedSetup(trial: AppTrial): Promise<void> {
  const { client, phone } = await enrollByRoutes(trial);
  mustNotBeCached(client, [phone.secret]);
}

async function cachedCodes(trial: AppTrial): Promise<void> {
  const { client, backupCodes } = await enrollByRoutes(trial);
  mustNotBeCached(client, backupCodes);
}

function mustNotBeCached(client: Client, secrets: readonly string[]): void {
  const found = secrets.flatMap((secret) => carriers(client, secret)).find(isCached);
  if (!found) return;
  complain(
    "A response with a secret has to say Cache-Control: no-store, as no cache and no back button may keep it.",
    seen(client, `The one to ${found.request} does not.`),
  );
}

function isCached({ response }: Exchange): boolean {
  return !/\bno-store\b/i.test(String(response.headers["cache-control"] ?? ""));
}

function carrier(client: Client, secret: string): Exchange | undefined {
  return carriers(client, secret)[0];
}

function carriers(client: Client, secret: string): Exchange[] {
  const wanted = folded(secret);
  return client.history.filter(({ response }) => folded(textOf(response)).includes(wanted));
}

/** As it was generated, and as a program would print its bytes. */
function spellingsOf(secret: string): string[] {
  const bytes = decodeBase32(secret);
  if (!bytes) return [secret];
  return [secret, bytes.toString("hex"), bytes.toString("base64").replace(/=+$/, "")];
}

/** Without the groups in which secrets are shown. */
function folded(text: string): string {
  return text.replace(/[\s-]/g, "").toLowerCase();
}

function textOf({ headers, text }: Exchange["response"]): string {
  return `${Object.values(headers).flat().join("\n")}\n${text}`;
}
