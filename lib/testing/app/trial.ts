import { describeKind } from "../../base/describe.js";
import { complain } from "../probe.js";
import { Client } from "./client.js";
import { createEnrolled, type Enrolled } from "./enrolled.js";
import type { AppConfig } from "./options.js";
import type { Alter } from "./request.js";
import type { TestUser } from "./two-factor-app.js";

/** A login whose first factor was passed. */
export interface Pending {
  client: Client;
  login: unknown;
}

/** What a client is like that signs in. */
export interface ClientLooks {
  headers?: Record<string, string> | undefined;
  alter?: Alter | undefined;
}

/** What an attack is handed. */
export interface AppTrial {
  config: AppConfig;
  newUser(): Promise<Enrolled>;
  newClient(): Client;
  /** Passes the first factor. */
  pending(user: TestUser, looks?: ClientLooks): Promise<Pending>;
  /** Sends a code as the second step; `view` is how the client is seen by `sendCode`. */
  complete(pending: Pending, code: string, view?: Client, backup?: "backup"): Promise<boolean>;
  /** Passes both. Throws if the app refuses, as nothing can be attacked then. */
  signedIn(enrolled: Enrolled, code?: string): Promise<Client>;
  isSignedIn(client: Client): Promise<boolean>;
}

export function createAppTrial(config: AppConfig): AppTrial {
  const newClient = () => new Client(config.request);
  const isSignedIn = async (client: Client) =>
    booleanOf("isSignedIn", await config.isSignedIn(client));

  async function pending(user: TestUser, { headers, alter }: ClientLooks = {}): Promise<Pending> {
    const client = new Client(config.request, { headers: { ...headers } });
    const login = await config.signIn(alter ? client.altered(alter) : client, user);
    return { client, login };
  }

  async function complete(
    { client, login }: Pending,
    code: string,
    view: Client = client,
    backup?: "backup",
  ): Promise<boolean> {
    const { sendCode, sendBackupCode = sendCode } = config;
    await (backup ? sendBackupCode : sendCode)(view, code, login);
    return isSignedIn(client);
  }

  async function signedIn(enrolled: Enrolled, code?: string): Promise<Client> {
    const right = code ?? (await enrolled.freshCode());
    const begun = await pending(enrolled.user);
    if (await complete(begun, right)) return begun.client;
    const hint = "If createUser confirms the setup with a code, it returns it as confirmationCode.";
    return complain(`A right code did not sign the user in. ${hint}`, seen(begun.client));
  }

  return {
    config,
    newClient,
    newUser: async () => createEnrolled(await config.createUser(), config),
    pending,
    complete,
    signedIn,
    isSignedIn,
  };
}

/** The most requests that a message lists. */
const LAST = 6;

/** What was sent last and what came back, without anything that may be secret. */
export function seen(client: Client, how = ""): string {
  const all = client.history.map(({ request, response }) => `${request} → ${response.status}`);
  const last = all.slice(-LAST).join(", ");
  const cut = all.length > LAST ? "…, " : "";
  return `${how && `${how} `}Requests: ${cut}${last || "none"}.`;
}

export function booleanOf(option: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(`${option}: expected true or false, got ${describeKind(value)}.`);
}
