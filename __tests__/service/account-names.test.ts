// What a user is called must not keep the user from setting up.
import type { TotpServiceOptions, TotpUser } from "express-totp-setup";
import { URI } from "otpauth";
import { createRig } from "../helpers/service.js";

interface Label {
  uri: string;
  issuer: string;
  account: string;
}

/** What an authenticator app reads from the URI. */
async function labelFor(
  user: TotpUser | object,
  options: Partial<TotpServiceOptions> = {},
): Promise<Label> {
  const { totp } = createRig(options);
  const outcome = await totp.beginSetup(user as TotpUser);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { issuer, label } = URI.parse(outcome.otpauthUri);
  const resumed = await totp.resumeSetup(user as TotpUser, outcome.secret);
  expect(resumed).toEqual(outcome);
  return { uri: outcome.otpauthUri, issuer, account: label };
}

const accountOf = async (user: TotpUser | object, options?: Partial<TotpServiceOptions>) =>
  (await labelFor(user, options)).account;

describe("the account name is", () => {
  test("the user's own accountName, else the id", async () => {
    expect(await accountOf({ id: 7, accountName: "ada" })).toBe("ada");
    for (const accountName of [undefined, null]) {
      expect(await accountOf({ id: 7, accountName })).toBe("7");
    }
    expect(await accountOf({ id: 7 })).toBe("7");
    expect(await accountOf(7n)).toBe("7");
    expect(await accountOf("ada@example.com")).toBe("ada@example.com");
  });

  test("something usable of every id", async () => {
    for (const [id, account] of [
      [":", "-"],
      ["\u2028:\u2029", "-"],
      [`${" ".repeat(200)}7`, "7"],
    ] as const) {
      expect([id, await accountOf({ id, accountName: " " })]).toEqual([id, account]);
    }
  });

  test("what the callback returns, else the id", async () => {
    const user = { id: 7, accountName: "own", email: "ada@example.com" };
    const accountName = async (given: unknown) => (given as typeof user).email;
    expect(await accountOf(user, { accountName })).toBe("ada@example.com");
    for (const nothing of [undefined, null, "", "  ", "\u2028"]) {
      const account = await accountOf(user, { accountName: () => nothing as string });
      expect(account).toBe("7");
    }
  });
});

describe("an account name is made usable:", () => {
  test.each([
    ["auth:42", "auth-42"],
    ["DOMAIN:ada", "DOMAIN-ada"],
    ["auth0|5f7c8ec7", "auth0|5f7c8ec7"],
    ["DOMAIN\\ada", "DOMAIN\\ada"],
    ["a:b:c", "a-b-c"],
    ["ada\nlovelace", "ada lovelace"],
    ["\0ada\x7f", "ada"],
    ["ada\u2028lovelace", "ada lovelace"],
    ["ada\ud800", "ada"],
    ["  ada ", "ada"],
    ["Зоя & Łukasz?#=%/", "Зоя & Łukasz?#=%/"],
    ["🦊", "🦊"],
  ])("%j", async (accountName, expected) => {
    expect(await accountOf({ id: 7, accountName })).toBe(expected);
    expect(await accountOf({ id: 7 }, { accountName: () => accountName })).toBe(expected);
  });

  test.each(["", "   ", "\n\t", "\ud800", "\u2029"])(
    "%j is replaced by the id",
    async (accountName) => {
      expect(await accountOf({ id: "user 7", accountName })).toBe("user 7");
    },
  );

  test("so is an id", async () => {
    for (const id of ["auth:42", "DOMAIN:42"]) {
      expect(await accountOf(id)).toBe(id.replace(":", "-"));
    }
    expect(await accountOf(":")).toBe("-");
  });
});

describe("a very long name is cut", () => {
  const names: [string, string][] = [
    ["letters", "a".repeat(5000)],
    ["Chinese characters", "名".repeat(5000)],
    ["emoji", "🦊".repeat(5000)],
    ["colons", ":".repeat(5000)],
    ["letters between emoji", "a🦊".repeat(5000)],
  ];

  test.each(names)("of %s, and fits every QR code", async (_, name) => {
    for (const errorCorrection of ["L", "M", "Q", "H"] as const) {
      const options = {
        qrCode: { format: "svg", errorCorrection },
        digits: 8,
        secretBytes: 64,
      } as const;
      const { account } = await labelFor({ id: 7, accountName: name }, options);
      expect(account.length).toBeGreaterThan(20);
      expect(name.replaceAll(":", "-").startsWith(account)).toBe(true);
      const { issuer } = await labelFor(
        { id: 7, accountName: name },
        { ...options, issuer: () => name },
      );
      expect(issuer).toBe(account);
    }
  });
});

describe("the issuer is", () => {
  test("the option, or nothing", async () => {
    const { uri } = await labelFor({ id: 7, accountName: "ada" });
    expect(uri).toMatch(/^otpauth:\/\/totp\/Acme:ada\?secret=[A-Z2-7]{32}&issuer=Acme$/);
    const none = await labelFor(7, { issuer: undefined });
    expect(none.uri).toMatch(/^otpauth:\/\/totp\/7\?secret=[A-Z2-7]{32}$/);
  });

  test("what the callback returns for the user", async () => {
    const issuer = async (given: unknown) => (given as { tenant: string }).tenant;
    expect(await labelFor({ id: 7, tenant: "North" }, { issuer })).toMatchObject({
      issuer: "North",
      account: "7",
    });
    expect(await labelFor({ id: 7, tenant: "Nord:Süd" }, { issuer })).toMatchObject({
      issuer: "Nord-Süd",
    });
  });
});

test.each([
  ["issuer", { issuer: () => 5 as unknown as string }],
  ["issuer", { issuer: async () => ["Acme"] as unknown as string }],
  ["accountName", { accountName: () => ({}) as string }],
  ["the user's accountName", {}],
])(
  "a name that is no text is a mistake of the app, and nothing is saved: %s",
  async (callback, options) => {
    const { totp, store, events } = createRig(options);
    const accountName = (callback === "issuer" ? "ada" : 5) as string;
    const user = { id: "ada", accountName };
    await expect(totp.beginSetup(user)).rejects.toMatchObject({
      name: "TotpCallbackError",
      callback,
    });
    expect(await store.get("ada")).toBeUndefined();
    expect(events).toEqual([]);
  },
);
