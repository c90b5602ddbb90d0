import { describeKind } from "../../base/describe.js";
import { complain } from "../probe.js";
import { Client } from "./client.js";
import { createEnrolled, type Enrolled } from "./enrolled.js";
import type { AppConfig } from "./options.js";
import type { Alter } from "./request.js";
import type { TestUser } from "./two-factor-app.js";

/** A login that has passed the first factor and requires a code. */
export interface Pending {
  client: Client;
  login: unknown;
}

/** How to set up a client that signs in. */
export interface ClientSetup {
  headers?: Record<string, string> | undefined;
  alter?: Alter | undefined;
}

/** The argument of an attack. */
export interface AppTrial {
  config: AppConfig;
  newUser(): Promise<Enrolled>;
  newClient(): Client;
  /** Passes the first factor. */
  pending(user: TestUser, looks?: ClientSetup): Promise<Pending>;
  /** Sends a code as the second step, and returns whether the client is signed in. `view` is passed to `sendCode`. */
  complete(pending: Pending, code: string, view?: Client, backup?: "backup"): Promise<boolean>;
  /** Signs in with the first factor and a code. Throws if the app refuses. */
  signedIn(enrolled: Enrolled, code?: string): Promise<Client>;
  isSignedIn(client: Client): Promise<boolean>;
  /** Moves the clock until no code so far makes a session fresh. */
  waitUntilStale(): Promise<void>;
}

export function createAppTrial(config: AppConfig): AppTrial {
  const newClient = () => new Client(config.request);
  const isSignedIn = async (client: Client) =>
    booleanOf("isSignedIn", await config.isSignedIn(client));

  async function pending(user: TestUser, { headers, alter }: ClientSetup = {}): Promise<Pending> {
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
    const correct = code ?? (await enrolled.freshCode());
    const begun = await pending(enrolled.user);
    if (await complete(begun, correct)) return begun.client;
    return complain(
      "A correct code did not sign the user in: isSignedIn returned false after sendCode. Check the two functions. If createUser confirms the setup with a code, return it as confirmationCode.",
      seen(begun.client),
    );
  }

  return {
    config,
    newClient,
    newUser: async () => createEnrolled(await config.createUser(), config),
    pending,
    complete,
    signedIn,
    isSignedIn,
    async waitUntilStale() {
      await config.advance?.(config.freshForSeconds + 1);
    },
  };
}

/** Maximum number of requests in a message. */
const LAST = 6;

/** Describes the last requests and the statuses of their responses, without anything that may be secret. */
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
