import { createTotpSetupRouter } from "express-totp-setup";

// What the compiler says of these is the test; they are constructed so that they are no dead code.

interface Row {
  id: number;
  email: string;
  accountName?: string | null;
}

class Account {
  readonly #secret = "hidden";
  constructor(
    readonly id: string,
    private readonly name = "name",
  ) {}
  toString() {
    return `${this.#secret}${this.name}`;
  }
}

const row: Row = { id: 1, email: "ada@example.com" };
const find = async (key: string): Promise<Row | undefined> => (key === "a" ? row : undefined);

test("the callbacks learn what a user is from authenticate", () => {
  const routers = [
    createTotpSetupRouter({
      authenticate: find,
      savePendingSecret: (userId: number, secret: string) => [userId, secret],
      issuer: (user: Row) => user.email,
      accountName: ({ email }) => email.toLowerCase(),
    }),
    createTotpSetupRouter({
      authenticate: async (key) => (key === "a" ? new Account("a") : null),
      savePendingSecret: async (userId) => userId.toUpperCase(),
      accountName: (account) => account.toString(),
    }),
    createTotpSetupRouter({
      authenticate: (key) => key === "a" && 5n,
      savePendingSecret: (userId, _secret, { expiresAt }) => [userId * 2n, expiresAt.getTime()],
    }),
    createTotpSetupRouter({
      authenticate: (key): string | null => (key === "a" ? "ada" : null),
      savePendingSecret: (userId, secret, details, req) => [
        userId.trim(),
        secret.trim(),
        details.otpauthUri.trim(),
        req.ip,
      ],
    }),
    createTotpSetupRouter({ authenticate: () => null, savePendingSecret: () => {} }),
  ];
  expect(routers).toHaveLength(5);
});

test("what does not fit is told by the compiler", () => {
  const save = () => {};
  const routers = [
    // @ts-expect-error -- the id of a row is a number
    createTotpSetupRouter({ authenticate: find, savePendingSecret: (id: string) => id }),
    createTotpSetupRouter({
      authenticate: find,
      savePendingSecret: save,
      // @ts-expect-error -- a row has no such property
      accountName: (user) => user.name,
    }),
    // @ts-expect-error -- a user needs an id
    createTotpSetupRouter({ authenticate: () => ({ name: "ada" }), savePendingSecret: save }),
    // @ts-expect-error -- true is nobody
    createTotpSetupRouter({ authenticate: () => true as boolean, savePendingSecret: save }),
    // @ts-expect-error -- no such hash function
    () => createTotpSetupRouter({ authenticate: find, savePendingSecret: save, algorithm: "MD5" }),
    // @ts-expect-error -- no such option
    () => createTotpSetupRouter({ authenticate: find, savePendingSecret: save, store: {} }),
  ];
  expect(routers).toHaveLength(6);
});
