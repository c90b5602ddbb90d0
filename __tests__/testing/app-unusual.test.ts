// The attack kit with apps that are built in another way than most.
import { createOtpauthUri } from "express-totp-setup";
import type { AppRequest, TestClient } from "express-totp-setup/testing";
import { newSecret } from "../helpers/vulnerable-app/accounts.js";
import { attack, behind, type Options } from "./attack-app.js";

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
      "whose requests have a content type of their own, and no second one",
      (sound) => ({
        ...behind((sent, next) => {
          const types = Object.keys(sent.headers).filter((name) => /^content-type$/i.test(name));
          return types.length > 1 ? { status: 400, headers: {}, text: "{}" } : next(sent);
        })(sound),
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

describe("without `advance`", () => {
  const BASIC = "sign-in: a correct code is accepted";

  test("a correct app passes with one code per user", async () => {
    expect(await attack([], () => ({ advance: undefined, fresh: undefined }))).toEqual({});
  });

  test("replayed codes are still found", async () => {
    const failures = await attack(["accepts used codes"], () => ({
      advance: undefined,
      fresh: undefined,
    }));
    expect(Object.keys(failures)).toContain("sign-in: a used code is refused");
  });

  test("a missing confirmationCode is named", async () => {
    const failures = await attack([], ({ createUser }) => ({
      advance: undefined,
      fresh: undefined,
      createUser: async () => ({ ...(await createUser()), confirmationCode: undefined }),
    }));
    expect(failures[BASIC]).toMatch(
      /If createUser confirms the setup with a code, return it as confirmationCode\./,
    );
  });
});
