// What the kit makes of other apps, and of functions that do not do what they should.
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
import type { Bug } from "../helpers/vulnerable-app/bugs.js";
import { vulnerableApp } from "../helpers/vulnerable-app/options.js";
import { failuresInOrder, recordTests } from "./recording-runner.js";

type Options = ReturnType<typeof vulnerableApp>;
interface Sent {
  path: string;
  headers?: Record<string, string>;
}

function attack(bugs: readonly Bug[], change: (sound: Options) => Partial<Options>) {
  const options = vulnerableApp(bugs);
  const all = { ...options, ...change(options) };
  return failuresInOrder(recordTests((runner) => testTwoFactorApp(runner, all)).checks);
}

/** The app takes codes from elsewhere than the body. */
const translating =
  (translate: (sent: AppRequest) => string | undefined) =>
  ({ request }: Options): Options["request"] =>
  (sent) => {
    const code = translate(sent);
    if (code === undefined) return request?.(sent) as never;
    const headers = { ...sent.headers, "content-type": "application/json" };
    return request?.({ ...sent, headers, body: JSON.stringify({ code }) }) as never;
  };

const NO_CODE = "sign-in: no code, or anything else in its place, is refused";

describe("a code in a header", () => {
  const inHeader = translating(({ path, headers }) =>
    path.startsWith("/login/code") ? (headers["X-Code"] ?? "missing") : undefined,
  );
  const options = (sound: Options): Partial<Options> => ({
    request: inHeader(sound),
    sendCode: (client, code) => client.send("POST /login/code", { headers: { "X-Code": code } }),
    sendBackupCode: undefined,
  });

  test("a sound app passes", async () => {
    expect(await attack([], options)).toEqual({});
  });

  test("the code is replaced there", async () => {
    const failures = await attack(["skips an empty code"], options);
    expect(failures[NO_CODE]).toMatch(/With an empty code, sign-in was let through/);
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

  test("a sound app passes", async () => {
    expect(await attack([], options)).toEqual({});
  });

  test("the code is replaced there, and stays out of messages", async () => {
    const failures = await attack(["skips an empty code"], options);
    expect(failures[NO_CODE]).toMatch(/With an empty code, .+POST \/login\/code → 303/s);
    expect(JSON.stringify(failures)).not.toContain("code=");
  });
});

describe("the id of a login", () => {
  const ODD = "sign-in: anything in the place of a login completes none";
  /** The app reads it from elsewhere than the body, and `signIn` returns the response as it is. */
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
    expect(failures[ODD]).toMatch(/nothing but a string/);
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
        expect(message).toContain("It came from another host of the same site.");
      }
    },
  );

  test("without SameSite, every site sends them", async () => {
    const failures = await attack(["never looks at the origin"], withSameSite("Path=/"));
    for (const message of Object.values(failures)) {
      expect(message).toContain("It came from a page of another site.");
    }
  });
});

describe("signIn may return what no request has in it", () => {
  const returning = ({ signIn }: Options): Partial<Options> => ({
    async signIn(client, user) {
      await signIn(client, user);
      return (await client.send("GET /account")) as never;
    },
    sendCode: (client, code) => client.send("POST /login/code", { form: { code } }),
    sendBackupCode: (client, code) => client.send("POST /login/code", { form: { code } }),
  });

  test("a sound app passes", async () => {
    expect(await attack([], returning)).toEqual({});
  });

  test("a code without the first factor is looked for all the same", async () => {
    expect(Object.keys(await attack(["finds the user by the code"], returning))).toContain(
      "sign-in: a code without the first factor does not sign in",
    );
  });
});

test("an app whose forms have a token that its pages show is safe from other sites", async () => {
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
  expect(Object.keys(failures)).not.toContain("profile: another site cannot send the request");
});

describe("without `advance`, when time stands still", () => {
  const BASIC = "sign-in: a right code opens it";

  test("a sound app passes, as one code a user is enough", async () => {
    expect(await attack([], () => ({ advance: undefined }))).toEqual({});
  });

  test("codes are used twice all the same", async () => {
    const failures = await attack(["accepts used codes"], () => ({ advance: undefined }));
    expect(Object.keys(failures)).toContain("sign-in: a code that was used is refused");
  });

  test("the code that confirmed a setup is missed", async () => {
    const failures = await attack([], ({ createUser }) => ({
      advance: undefined,
      createUser: async () => ({ ...(await createUser()), confirmationCode: undefined }),
    }));
    expect(failures[BASIC]).toMatch(
      /If createUser confirms the setup with a code, it returns it as confirmationCode\./,
    );
  });
});

describe("functions that do not do what they should", () => {
  const BASIC = "sign-in: a right code opens it";

  test.each<[RegExp, (sound: Options) => Partial<Options>]>([
    [
      /^isSignedIn: expected true or false, got an integer of 3 digits\.$/,
      () => ({ isSignedIn: () => 200 as never }),
    ],
    [
      /^createUser: expected a user with the TOTP secret as secret/,
      () => ({ createUser: () => ({ email: "a" }) }),
    ],
    [
      /^createUser: .+ or with an otpauthUri, got undefined\.$/,
      () => ({ createUser: () => undefined as never }),
    ],
    [
      /^send: expected a method and a path, such as "POST \/login", got \/login$/,
      () => ({ signIn: (client) => client.send("/login") as never }),
    ],
    [
      /^json\(\): the body of a response with status 404 is no JSON$/,
      () => ({
        request: () => ({ status: 404, headers: {}, text: "<p>" }),
        signIn: async (client) => (await client.send("POST /login")).json().login,
      }),
    ],
    [
      /^advance\(30\) did not move the clock of the option now: give now, the clock of the app\.$/,
      () => ({ now: () => 1e12 }),
    ],
  ])("%s", async (message, change) => {
    expect((await attack([], change))[BASIC]).toMatch(message);
  });

  test("a code that is not in what was sent cannot be replaced", async () => {
    const failures = await attack([], () => ({
      sendCode: (client, code) => client.send("POST /login/code", { form: { code: ` ${code}` } }),
    }));
    expect(failures[NO_CODE]).toMatch(/^sign-in: the code was not sent as a field of json or form/);
  });

  test("too few backup codes are missed", async () => {
    const failures = await attack([], ({ createUser }) => ({
      createUser: async () => ({ ...(await createUser()), backupCodes: [] }),
    }));
    expect(failures["backup code: it signs in once"]).toBe(
      "createUser: expected at least three backupCodes, as there is a sendBackupCode, got an array of 0 elements",
    );
  });

  test("a call returns whether it was let through, not the response", async () => {
    const disable = (async () => ({ status: 200 })) as never;
    const failures = await attack([], () => ({ disable }));
    expect(failures["disable: a right code opens it"]).toMatch(/^disable: expected true or false/);
  });
});

test("over the network, cookies and redirects are those of the app", async () => {
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
  expect(Object.keys(failures)).toEqual(["sign-in: no parameter leads out of the app"]);
});
