import { decodeBase32 } from "../../otp/base32.js";
import type { Client, Exchange } from "../app/client.js";
import type { Operation } from "../app/operations.js";
import { beginSetup, enrollByRoutes, SETUP_NEEDS } from "../app/setup.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { Attack, OperationAttack } from "./attack.js";
import { SECRET_IN_USE, TURNED_ON } from "./setup.js";

export const LEAKS: readonly Attack[] = [
  {
    name: "leaks: no response after the setup contains the secret or a backup code",
    dependsOn: [SECRET_IN_USE],
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

export const OPERATION_LEAKS: readonly OperationAttack[] = [
  { name: "the response to a wrong code does not contain the correct one", run: correctCode },
];

async function secretLater(trial: AppTrial): Promise<void> {
  const enrolled = await trial.newUser();
  const client = await trial.signedIn(enrolled);
  for (const path of trial.config.paths) await client.send(`GET ${path}`);
  if (trial.config.beginSetup) await beginSetup(trial, client);
  const secrets = [...spellingsOf(enrolled.secret), ...(enrolled.user.backupCodes ?? [])];
  const found = secrets.flatMap((secret) => exchangesWith(client, secret))[0];
  if (!found) return;
  complain(
    `The response to ${found.request} contains the secret or a backup code, although the setup was already complete. Show them only once, in the responses to the setup, and do not serialize the user's whole record.`,
    seen(client),
  );
}

async function correctCode(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, submit } = await operation.prepare(trial, enrolled);
  const correct = await enrolled.freshCode();
  const [wrong] = enrolled.wrongCodes(1) as [string];
  await submit(wrong);
  const pattern = new RegExp(`(?<!\\w)${correct}(?!\\w)`);
  const found = client.history.find(({ response }) => pattern.test(textOf(response)));
  if (!found) return;
  complain(
    `The response to ${found.request}, which had a wrong code, contains the correct one. Do not include the expected code in errors.`,
    seen(client),
  );
}

async function cachedSetup(trial: AppTrial): Promise<void> {
  const { client, phone } = await enrollByRoutes(trial);
  mustNotBeCached(client, "the secret", [phone.secret]);
}

async function cachedCodes(trial: AppTrial): Promise<void> {
  const { client, backupCodes } = await enrollByRoutes(trial);
  mustNotBeCached(client, "backup codes", backupCodes);
}

function mustNotBeCached(client: Client, what: string, secrets: readonly string[]): void {
  const found = secrets.flatMap((secret) => exchangesWith(client, secret)).find(isCached);
  if (!found) return;
  complain(
    `The response to ${found.request} contains ${what} and can be cached. Send it with Cache-Control: no-store, so that no cache and no back button shows it again.`,
    seen(client),
  );
}

function isCached({ response }: Exchange): boolean {
  return !/\bno-store\b/i.test(String(response.headers["cache-control"]));
}

function exchangesWith(client: Client, secret: string): Exchange[] {
  const wanted = withoutGroups(secret);
  return client.history.filter(({ response }) => withoutGroups(textOf(response)).includes(wanted));
}

/** Returns the secret in base32, and its bytes in hexadecimal and base64. */
function spellingsOf(secret: string): string[] {
  // The URI was read before, and with it the secret.
  const bytes = decodeBase32(secret) as Buffer;
  return [secret, bytes.toString("hex"), bytes.toString("base64").replace(/=+$/, "")];
}

/** Removes the spaces and hyphens that secrets are shown with. */
function withoutGroups(text: string): string {
  return text.replace(/[\s-]/g, "").toLowerCase();
}

function textOf({ headers, text }: Exchange["response"]): string {
  return `${Object.values(headers).flat().join("\n")}\n${text}`;
}
