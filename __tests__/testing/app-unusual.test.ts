// The attack kit with apps that are built in another way than most.
import { createOtpauthUri } from "express-totp-setup";
import type { AppRequest, AppResponse, TestClient } from "express-totp-setup/testing";
import { newSecret } from "../helpers/vulnerable-app/accounts.js";
import { attack, type Options, translating } from "./attack-app.js";

const NO_CODE = "sign-in: a missing or malformed code is refused";

/** The app behind a middleware. */
const behind =
  (middleware: (sent: AppRequest, next: (sent: AppRequest) => Promise<AppResponse>) => unknown) =>
  ({ request }: Options): Pick<Options, "request"> => ({
    request: async (sent) =>
      (await middleware(
        sent,
        async (passed) => (await request?.(passed)) as AppResponse,
      )) as AppResponse,
  });

describe("a correct app passes", () => {
  test.each<[string, (sound: Options) => Partial<Options>]>([
    [
      "whose signIn returns a text that looks like JSON",
      ({ signIn, sendCode, sendBackupCode }) => ({
        async signIn(client, user) {
          await signIn(client, user);
          return "{ to be continued";
        },
        sendCode: (client, code) => sendCode(client, code, undefined),
        sendBackupCode: (client, code) => sendBackupCode?.(client, code, undefined),
      }),
    ],
    [
      "that shows the otpauth URI",
      ({ beginSetup }) => ({
        async beginSetup(client) {
          const secret = await beginSetup?.(client);
          return secret && createOtpauthUri({ secret, accountName: "ada", issuer: "Acme" });
        },
      }),
    ],
    [
      "whose beginSetup returns null for a refusal",
      ({ beginSetup }) => ({
        beginSetup: async (client) => ((await beginSetup?.(client)) ?? null) as never,
      }),
    ],
    [
      "whose requests have a content type of their own",
      () => ({
        signIn: async (client, { email }) => {
          const headers = { "content-type": "application/x-www-form-urlencoded" };
          await client.send("POST /login", { headers, form: { email } });
          return undefined;
        },
      }),
    ],
    [
      "without backup codes",
      ({ createUser }) => ({
        createUser: async () => ({ ...(await createUser()), backupCodes: undefined }),
        sendBackupCode: undefined,
      }),
    ],
    [
      "that signs out who signs in again",
      (sound) =>
        behind(async (sent, next) => {
          if (sent.path !== "/login") return next(sent);
          const account = await next({ ...sent, method: "GET", path: "/account" });
          if (account.status !== 200) return next(sent);
          return { status: 403, headers: { "set-cookie": "sid=; Max-Age=0" }, text: "{}" };
        })(sound),
    ],
  ])("%s", async (_, options) => {
    expect(await attack([], options)).toEqual({});
  });

  test("whose ids of logins are numbers", async () => {
    const ids: string[] = [];
    const options = ({ request, signIn, sendCode }: Options) => ({
      async request(sent: AppRequest) {
        const body = sent.path === "/login/code" && JSON.parse(sent.body || "{}");
        if (typeof body.login !== "number") return request?.(sent);
        const login = ids[body.login - 1000] ?? "unknown";
        return request?.({ ...sent, body: JSON.stringify({ ...body, login }) });
      },
      async signIn(client: TestClient, user: { email: string }) {
        return 999 + ids.push(String(await signIn(client, user)));
      },
      sendCode: (client: TestClient, code: string, login: number) =>
        sendCode(client, code, login as never),
      sendBackupCode: undefined,
    });
    expect(await attack([], options as never, "id")).toEqual({});
  });
});

describe("codes in an array", () => {
  const options = (sound: Options): Partial<Options> => ({
    request: translating(({ path, body }) =>
      path === "/login/code" ? JSON.parse(body || "{}").codes?.[0] : undefined,
    )(sound),
    sendCode: (client, code) => client.send("POST /login/code", { json: { codes: [code] } }),
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

describe("a token in a cookie", () => {
  const FORGED = "profile: a request from another site is refused";
  const withToken = (read: (client: TestClient) => string) => (sound: Options) => ({
    ...behind(async (sent, next) => {
      if (sent.path === "/profile" && sent.headers["X-Token"] !== "t") {
        return { status: 403, headers: {}, text: "{}" };
      }
      expect(sent.headers.Cookie ?? "").not.toMatch(/(^|; )=/);
      const response = await next(sent);
      const own = [response.headers["set-cookie"] ?? []].flat();
      // The second line is not a cookie.
      const all = ["token=t; SameSite=None", "nonsense", ...own];
      return { ...response, headers: { ...response.headers, "set-cookie": all } };
    })(sound),
    changes: {
      async profile(client: TestClient) {
        const headers = { "X-Token": read(client) };
        return (await client.send("POST /profile", { form: {}, headers })).status === 200;
      },
    },
  });

  test("is not read by other sites, so that a function may throw for want of it", async () => {
    const read = (client: TestClient) => {
      const token = client.cookie("token");
      if (token === undefined) throw new Error("no token");
      return token;
    };
    const failures = await attack(["never looks at the origin"], withToken(read));
    expect(Object.keys(failures)).toContain("setup: another site cannot begin one");
    expect(Object.keys(failures)).not.toContain(FORGED);
  });

  test("any other error of the function is shown", async () => {
    let calls = 0;
    const read = () => {
      calls += 1;
      if (calls > 1) throw new Error("out of tokens");
      return "t";
    };
    expect((await attack([], withToken(read)))[FORGED]).toBe("out of tokens");
  });
});

describe("CORS for a request that no form can send", () => {
  const FORGED = "profile: a request from another site is refused";
  const withCors = (methods: string | undefined) => (sound: Options) => ({
    ...behind((sent, next) => {
      if (sent.path !== "/profile") return next(sent);
      if (sent.method !== "OPTIONS") return next({ ...sent, method: "POST" });
      const allowed = {
        "access-control-allow-origin": String(sent.headers.Origin),
        "access-control-allow-credentials": "true",
        "access-control-allow-headers": "content-type",
        ...(methods && { "access-control-allow-methods": methods }),
      };
      return { status: 204, headers: allowed, text: "" };
    })(sound),
    changes: {
      profile: async (client: TestClient) =>
        (await client.send("PUT /profile", { form: { name: "Ada" } })).status === 200,
    },
  });

  test.each([
    ["names its method", "GET, PUT", true],
    ["names another method", "GET", false],
    ["names no method", undefined, false],
  ])("that %s", async (_, methods, isForged) => {
    const failures = await attack(["never looks at the origin"], withCors(methods));
    expect(Object.keys(failures).includes(FORGED)).toBe(isForged);
  });
});

test("an app that completes its own login with the id of another is found", async () => {
  const OTHERS = "sign-in: another user's code is refused";
  const ids = new Map<string, string>();
  const cookieOf = (text: unknown) => /sid=\w+/.exec(String(text))?.[0] ?? "";
  const failures = await attack(
    [],
    (sound) => ({
      ...behind(async (sent, next) => {
        const isCode = sent.path === "/login/code" && sent.body;
        const own = ids.get(cookieOf(sent.headers.Cookie));
        const body = isCode ? JSON.parse(sent.body ?? "") : undefined;
        if (own && [...ids.values()].includes(body?.login)) {
          return next({ ...sent, body: JSON.stringify({ ...body, login: own }) });
        }
        const response = await next(sent);
        if (sent.path !== "/login") return response;
        const sid = `sid=${ids.size}abc`;
        ids.set(sid, JSON.parse(response.text).login);
        return { ...response, headers: { ...response.headers, "set-cookie": sid } };
      })(sound),
      sendBackupCode: undefined,
    }),
    "id",
  );
  expect(failures[OTHERS]).toMatch(/^A code of one user completed the login of another user\./);
});

describe("setups", () => {
  test("that are shown and ignored replace no authenticator", async () => {
    const failures = await attack([], ({ beginSetup }) => ({
      beginSetup: async (client) => (await beginSetup?.(client)) ?? newSecret(),
    }));
    expect(Object.keys(failures)).not.toContain(
      "setup: replacing the authenticator requires a code",
    );
  });

  test("of which a second one is refused", async () => {
    const begun = new Set<string | undefined>();
    const failures = await attack([], ({ beginSetup }) => ({
      async beginSetup(client) {
        const session = client.cookie("sid");
        if (begun.has(session)) return undefined;
        begun.add(session);
        return beginSetup?.(client);
      },
    }));
    expect(failures).toEqual({});
  });
});

test("an app that refuses parallel requests altogether is told apart from one that accepts two", async () => {
  let inFlight = 0;
  const failures = await attack([], (sound) =>
    behind(async (sent, next) => {
      if (sent.path !== "/login/code") return next(sent);
      inFlight += 1;
      await new Promise((resolve) => setImmediate(resolve));
      const response = inFlight > 1 ? { status: 409, headers: {}, text: "{}" } : await next(sent);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return response;
    })(sound),
  );
  expect(failures["sign-in: a code signs in only one of several parallel sessions"]).toMatch(
    /^Of 4 parallel requests with the same code, 0 signed in\. One of several parallel requests/,
  );
});
