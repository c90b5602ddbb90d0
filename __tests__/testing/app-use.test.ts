// The attack kit with unusual apps, and with functions that are wrong.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import {
  type AppRequest,
  type TestClient,
  type TestResponse,
  type TwoFactorAppOptions,
  testTwoFactorApp,
} from "express-totp-setup/testing";
import { withServer } from "../helpers/servers.js";
import { vulnerableApp } from "../helpers/vulnerable-app/options.js";
import { attack, type Options, translating } from "./attack-app.js";
import { failuresInOrder, recordTests } from "./recording-runner.js";

interface Sent {
  path: string;
  headers?: Record<string, string>;
}

const NO_CODE = "sign-in: a missing or malformed code is refused";

describe("a code in a header", () => {
  const inHeader = translating(({ path, headers }) =>
    path.startsWith("/login/code") ? (headers["X-Code"] ?? "missing") : undefined,
  );
  const options = (sound: Options): Partial<Options> => ({
    request: inHeader(sound),
    sendCode: (client, code) => client.send("POST /login/code", { headers: { "X-Code": code } }),
    sendBackupCode: undefined,
  });

  test("a correct app passes", async () => {
    expect(await attack([], options)).toEqual({});
  });

  test("the code is replaced there", async () => {
    const failures = await attack(["skips an empty code"], options);
    expect(failures[NO_CODE]).toMatch(/With an empty code, sign-in succeeded/);
  });
});

describe("a code in the query", () => {
  const inQuery = translating(({ path }) =>
    path.startsWith("/login/code")
      ? (new URL(path, "http://a.test").searchParams.get("code") ?? "missing")
      : undefined,
  );
  const options = (sound: Options): Partial<Options> => ({
    request: inQuery(sound),
    sendCode: (client, code) =>
      client.send(`POST /login/code?step=2&code=${encodeURIComponent(code)}`),
    sendBackupCode: undefined,
  });

  test("a correct app passes", async () => {
    expect(await attack([], options)).toEqual({});
  });

  test("the code is replaced there, and stays out of messages", async () => {
    const failures = await attack(["skips an empty code"], options);
    expect(failures[NO_CODE]).toMatch(/With an empty code, .+POST \/login\/code → 303/s);
    expect(JSON.stringify(failures)).not.toContain("code=");
  });
});

describe("the id of a login", () => {
  const ODD = "sign-in: a missing or malformed login id is refused";
  /** The app reads it from another place than the body, and `signIn` returns the whole response. */
  const idElsewhere =
    (read: (sent: AppRequest) => string | undefined, send: (id: string) => Sent) =>
    ({ request }: Options) => {
      const byId = {
        async request(sent: AppRequest) {
          if (!/^\/login\/code/.test(sent.path) || !sent.body) return request?.(sent);
          const { code } = JSON.parse(String(sent.body));
          const body = JSON.stringify({ code, login: JSON.parse(read(sent) || "null") });
          return request?.({ ...sent, path: "/login/code", body });
        },
        signIn: (client: TestClient, { email }: { email: string }) =>
          client.send("POST /login", { form: { email, by_id: "1" } }),
        async sendCode(client: TestClient, code: string, login: TestResponse) {
          const { path, headers } = send(login.json().login ?? "");
          await client.send(`POST ${path}`, { json: { code }, headers });
        },
        sendBackupCode: undefined,
      };
      return byId as never;
    };
  const quoted = (id: string | undefined) => id && (id.startsWith("{") ? id : JSON.stringify(id));

  const inPath = idElsewhere(
    ({ path }) => quoted(decodeURIComponent(path.split("/")[3] ?? "")),
    (id) => ({ path: `/login/code/${id}` }),
  );
  const inHeader = idElsewhere(
    ({ headers }) => quoted(headers.Authorization?.slice("Bearer ".length)),
    (id) => ({ path: "/login/code", headers: { Authorization: `Bearer ${id}` } }),
  );

  test.each([
    ["the path", inPath],
    ["a header, with Bearer before it", inHeader],
  ])("is found in %s", async (_, options) => {
    expect(await attack([], options)).toEqual({});
    const failures = await attack(["passes the id of a login to a query"], options);
    expect(failures[ODD]).toMatch(/Accept only strings as the id/);
  });
});

describe("cookies", () => {
  const SENDS = /another site/;
  const withSameSite =
    (value: string) =>
    ({ request }: Options): Partial<Options> => ({
      async request(sent) {
        const response = (await request?.(sent)) ?? { status: 500, headers: {}, text: "" };
        const cookie = String(response.headers["set-cookie"] ?? "");
        if (cookie === "") return response;
        const set = cookie.replace("SameSite=None", value);
        return { ...response, headers: { ...response.headers, "set-cookie": [set] } };
      },
    });

  test.each(["SameSite=Lax", "SameSite=strict"])(
    "with %s, only another host of the same site sends them",
    async (value) => {
      const failures = await attack(["never looks at the origin"], withSameSite(value));
      expect(Object.keys(failures).every((name) => SENDS.test(name))).toBe(true);
      for (const message of Object.values(failures)) {
        expect(message).toContain("The request was sent by another host of the same site.");
      }
    },
  );

  test("without SameSite, every site sends them", async () => {
    const failures = await attack(["never looks at the origin"], withSameSite("Path=/"));
    for (const message of Object.values(failures)) {
      expect(message).toContain("The request was sent by a page of another site.");
    }
  });
});

describe("signIn can return a value that is not sent", () => {
  const returning = ({ signIn }: Options): Partial<Options> => ({
    async signIn(client, user) {
      await signIn(client, user);
      return (await client.send("GET /account")) as never;
    },
    sendCode: (client, code) => client.send("POST /login/code", { form: { code } }),
    sendBackupCode: (client, code) => client.send("POST /login/code", { form: { code } }),
  });

  test("a correct app passes", async () => {
    expect(await attack([], returning)).toEqual({});
  });

  test("a code without the first factor is still found", async () => {
    expect(Object.keys(await attack(["finds the user by the code"], returning))).toContain(
      "sign-in: a code without the first factor does not sign in",
    );
  });
});

test("an app with CSRF tokens in its pages refuses other sites", async () => {
  const failures = await attack(["never looks at the origin"], ({ request }) => ({
    async request(sent) {
      const isForm = sent.method === "POST" && sent.path === "/profile";
      if (sent.path === "/token") return { status: 200, headers: {}, text: '{"token":"t"}' };
      if (isForm && sent.headers["X-Token"] !== "t")
        return { status: 403, headers: {}, text: "{}" };
      return (await request?.(sent)) as never;
    },
    changes: {
      async profile(client) {
        const { token } = (await client.send("GET /token")).json();
        const headers = { "X-Token": String(token) };
        return (await client.send("POST /profile", { form: {}, headers })).status === 200;
      },
    },
  }));
  expect(Object.keys(failures)).toContain("setup: another site cannot begin one");
  expect(Object.keys(failures)).not.toContain("profile: a request from another site is refused");
});

describe("without `advance`", () => {
  const BASIC = "sign-in: a correct code is accepted";

  test("a correct app passes with one code per user", async () => {
    expect(await attack([], () => ({ advance: undefined }))).toEqual({});
  });

  test("replayed codes are still found", async () => {
    const failures = await attack(["accepts used codes"], () => ({ advance: undefined }));
    expect(Object.keys(failures)).toContain("sign-in: a used code is refused");
  });

  test("a missing confirmationCode is named", async () => {
    const failures = await attack([], ({ createUser }) => ({
      advance: undefined,
      createUser: async () => ({ ...(await createUser()), confirmationCode: undefined }),
    }));
    expect(failures[BASIC]).toMatch(
      /If createUser confirms the setup with a code, return it as confirmationCode\./,
    );
  });
});

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
