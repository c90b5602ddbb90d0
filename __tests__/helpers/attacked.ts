import { randomUUID } from "node:crypto";
import type { Express } from "express";
import type { TotpService } from "express-totp-setup";
import {
  type AppRequest,
  type AppResponse,
  createTestAuthenticator,
  type TestClient,
  type TestResponse,
} from "express-totp-setup/testing";
import inject from "light-my-request";

/** Sends requests to an app in this process, without the network. */
export const sendTo =
  (app: Express) =>
  async ({ method, path, headers, body }: AppRequest): Promise<AppResponse> => {
    const options = { method: method as "POST", url: path, headers, payload: body };
    const { statusCode, headers: got, payload } = await inject(app, options);
    return { status: statusCode, headers: got as AppResponse["headers"], text: payload };
  };

/** Turns TOTP on for a new user, without the routes. */
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

/** Jest, with a test that fails if the kit skips anything else. */
export const runnerThatSkips = (names: readonly string[]) => ({
  describe,
  it: Object.assign((...given: Parameters<typeof it>) => it(...given), {
    skip: (name: string) => it(`skips ${name}`, () => expect(names).toContain(name)),
  }),
});

const BASE = "/auth/v1/users/current/totp";
const LOGIN = "POST /auth/v1/verify-totp";

/** Options of the kit for the routes of `createTotpRouter`. */
export const routes = {
  sendCode: (client: TestClient, code: string, session_id: string | undefined) =>
    client.send(LOGIN, { json: { session_id, code } }),
  guarded: {
    "new backup codes": (client: TestClient, code: string) =>
      isOk(
        client.send(`POST ${BASE}/backup-codes/regenerate`, { headers: { "X-TOTP-Code": code } }),
      ),
  },
  stepUp: (client: TestClient, code: string) =>
    client.send(`POST ${BASE}/step-up`, { json: { code } }),
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
