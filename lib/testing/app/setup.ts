import { describeKind } from "../../base/describe.js";
import { complain } from "../probe.js";
import type { Client } from "./client.js";
import { createEnrolled, type Enrolled, uriOfSecret } from "./enrolled.js";
import { type AppTrial, seen } from "./trial.js";
import type { TestUser } from "./two-factor-app.js";

/** The options that are required for a setup through the routes of the app. */
export const SETUP_NEEDS = ["createUserWithoutTotp", "beginSetup", "confirmSetup"] as const;

/** Creates a user with two-factor off, and signs in. */
export async function newWithoutTotp(trial: AppTrial): Promise<{ user: TestUser; client: Client }> {
  const user: unknown = await trial.config.createUserWithoutTotp?.();
  if (typeof user !== "object" || user === null) {
    throw new TypeError(`createUserWithoutTotp: expected a user, got ${describeKind(user)}.`);
  }
  const { client } = await trial.pending(user);
  return { user, client };
}

/** Begins a setup, and returns the URI of its secret, or nothing if it was refused. */
export async function beginSetup(
  { config }: AppTrial,
  client: Client,
): Promise<string | undefined> {
  const shown: unknown = await config.beginSetup?.(client);
  if (typeof shown === "string" && shown !== "") return uriOfSecret(shown);
  if (shown === undefined || shown === null) return undefined;
  const expected = "the secret in the response, or nothing if the setup was refused";
  throw new TypeError(`beginSetup: expected ${expected}, got ${describeKind(shown)}.`);
}

/** Returns the user with the codes of a phone that scanned the QR code of a setup. */
export function phoneOf({ config }: AppTrial, user: TestUser, otpauthUri: string): Enrolled {
  return createEnrolled({ ...user, secret: undefined, otpauthUri }, config);
}

export interface EnrolledByRoutes {
  user: TestUser;
  client: Client;
  phone: Enrolled;
  /** The code that confirmed the setup. */
  code: string;
  backupCodes: readonly string[];
}

export async function enrollByRoutes(trial: AppTrial): Promise<EnrolledByRoutes> {
  const { user, client } = await newWithoutTotp(trial);
  const uri = await beginSetup(trial, client);
  if (uri === undefined) {
    complain(
      "A user with two-factor off, who had just signed in, could not begin a setup: beginSetup returned nothing. Check that it returns the secret in the response.",
      seen(client),
    );
  }
  const phone = phoneOf(trial, user, uri);
  const code = await phone.freshCode();
  const backupCodes = (await trial.config.confirmSetup?.(client, code)) ?? [];
  return { user, client, phone, code, backupCodes };
}
