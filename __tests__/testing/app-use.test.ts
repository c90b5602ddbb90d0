// The attack kit with functions that are wrong, and over the network.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { type TwoFactorAppOptions, testTwoFactorApp } from "express-totp-setup/testing";
import { withServer } from "../helpers/servers.js";
import { vulnerableApp } from "../helpers/vulnerable-app/options.js";
import { attack, type Options } from "./attack-app.js";
import { failuresInOrder, recordTests } from "./recording-runner.js";

const NO_CODE = "sign-in: a missing or malformed code is refused";

describe("wrong functions", () => {
  const BASIC = "sign-in: a correct code is accepted";

  test.each<[RegExp, (sound: Options) => Partial<Options>]>([
    [
      /^isSignedIn: expected true or false, got an integer of 3 digits\.$/,
      () => ({ isSignedIn: () => 200 as never }),
    ],
    [
      /^createUser: expected a user with a secret or an otpauthUri/,
      () => ({ createUser: () => ({ email: "a" }) }),
    ],
    [
      /^createUser: .+ or an otpauthUri, got undefined\.$/,
      () => ({ createUser: () => undefined as never }),
    ],
    [
      /^send: expected a method and a path, such as "POST \/login", got \/login$/,
      () => ({ signIn: (client) => client.send("/login") as never }),
    ],
    [
      /^json\(\): the body of a response with status 404 is not JSON$/,
      () => ({
        request: () => ({ status: 404, headers: {}, text: "<p>" }),
        signIn: async (client) => (await client.send("POST /login")).json().login,
      }),
    ],
    [
      /^A correct code did not sign the user in: .+\nRequests: none\.$/s,
      () => ({ signIn: () => undefined, sendCode: () => {}, isSignedIn: () => false }),
    ],
    [
      /^advance\(30\) did not move the clock of the option now\. Set now to the clock of the app\.$/,
      () => ({ now: () => 1e12 }),
    ],
  ])("%s", async (message, change) => {
    expect((await attack([], change))[BASIC]).toMatch(message);
  });

  test("throws if the code is not sent as it is", async () => {
    const failures = await attack([], () => ({
      sendCode: (client, code) => client.send("POST /login/code", { form: { code: ` ${code}` } }),
    }));
    expect(failures[NO_CODE]).toMatch(
      /^sign-in: expected the code, unchanged, as a field of json or form/,
    );
  });

  test("throws if there are too few backup codes", async () => {
    const failures = await attack([], ({ createUser }) => ({
      createUser: async () => ({ ...(await createUser()), backupCodes: [] }),
    }));
    expect(failures["backup code: it works only once"]).toBe(
      "createUser: expected at least three backupCodes, because sendBackupCode is set, got an array of 0 elements.",
    );
  });

  test("says so if a backup code is not sent", async () => {
    const failures = await attack([], () => ({ sendBackupCode: () => {} }));
    expect(failures["backup code: it works only once"]).toMatch(
      /^A backup code did not sign its user in\. .+\nRequests: POST \/login/s,
    );
  });

  test("throws if createUserWithoutTotp returns nothing", async () => {
    const failures = await attack([], () => ({
      createUserWithoutTotp: () => undefined as never,
    }));
    expect(failures["setup: a user can turn two-factor on"]).toBe(
      "createUserWithoutTotp: expected a user, got undefined.",
    );
  });

  test("throws if beginSetup returns the response", async () => {
    const failures = await attack([], () => ({
      beginSetup: async (client) => (await client.send("POST /setup", { json: {} })) as never,
    }));
    expect(failures["setup: a user can turn two-factor on"]).toMatch(
      /^beginSetup: expected the secret in the response, or nothing if the setup was refused, got an object/,
    );
  });

  test("throws if a call returns the response instead of a boolean", async () => {
    const disable = (async () => ({ status: 200 })) as never;
    const failures = await attack([], () => ({ disable }));
    expect(failures["disable: a correct code is accepted"]).toMatch(
      /^disable: expected true or false/,
    );
  });
});

test("cookies and redirects work over the network", async () => {
  const { request, ...options } = vulnerableApp(["redirects anywhere"]);
  const server = createServer(async (req, res) => {
    const headers = req.headers as Record<string, string>;
    const sent = {
      method: String(req.method),
      path: String(req.url),
      headers,
      body: await text(req),
    };
    const response = await (request as NonNullable<TwoFactorAppOptions["request"]>)(sent);
    const location = encodeURI(String(response.headers.location ?? ""));
    const own = location === "" ? {} : { location };
    res.writeHead(response.status, { ...response.headers, ...own } as Record<string, string>);
    res.end(response.text);
  });
  const failures = await withServer(
    (req, res) => server.emit("request", req, res),
    (port) => {
      const url = () => `http://127.0.0.1:${port}`;
      const { checks } = recordTests((runner) => testTwoFactorApp(runner, { ...options, url }));
      const some = [...checks].filter(([name]) => /^(sign-in|setup)/.test(name));
      return failuresInOrder(new Map(some));
    },
  );
  expect(Object.keys(failures)).toEqual(["sign-in: no parameter redirects to another site"]);
});
