import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TotpService } from "express-totp-setup";
import {
  createTestAuthenticator,
  type TestClient,
  type TestResponse,
} from "express-totp-setup/testing";

/** Serves an app to the tests of a `describe`. The function that it returns knows the address once they run. */
export function serveToTests(create: () => RequestListener): () => string {
  let server: Server;
  beforeAll(async () => {
    server = createServer(create()).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  return () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Turns TOTP on for a new user, past the routes. */
export async function enroll(totp: TotpService, userId: string = randomUUID(), now?: () => number) {
  const setup = await totp.beginSetup(userId);
  if (!setup.ok) throw new Error(setup.reason);
  const confirmationCode = createTestAuthenticator(setup.otpauthUri, { now }).nextCode();
  const outcome = await totp.confirm(userId, confirmationCode);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { backupCodes } = outcome;
  return { userId, otpauthUri: setup.otpauthUri, confirmationCode, backupCodes };
}

export const isOk = async (response: Promise<TestResponse>) => (await response).status < 300;

const BASE = "/auth/v1/users/current/totp";
const LOGIN = "POST /auth/v1/verify-totp";

/** How the kit uses the routes of `createTotpRouter`. */
export const routes = {
  sendCode: (client: TestClient, code: string, session_id: string | undefined) =>
    client.send(LOGIN, { json: { session_id, code } }),
  guarded: {
    "new backup codes": (client: TestClient, code: string) =>
      isOk(
        client.send(`POST ${BASE}/backup-codes/regenerate`, { headers: { "X-TOTP-Code": code } }),
      ),
  },
  disable: (client: TestClient, code: string) =>
    isOk(client.send(`DELETE ${BASE}/delete`, { headers: { "X-TOTP-Code": code } })),
  beginSetup: async (client: TestClient) =>
    (await client.send(`POST ${BASE}/setup`)).json<{ secret?: string }>().secret,
  confirmSetup: async (client: TestClient, code: string) =>
    (await client.send(`POST ${BASE}/verify`, { json: { code } })).json<{
      backup_codes?: string[];
    }>().backup_codes,
  changes: {
    "a device is revoked": (client: TestClient) => isOk(client.send(`DELETE ${BASE}/devices/none`)),
  },
  paths: [`${BASE}/status`, `${BASE}/devices`],
};
