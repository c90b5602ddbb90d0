import type { AddressInfo } from "node:net";
import { stdout } from "node:process";
import express, { type Router } from "express";
import {
  createTotpSetupRouter,
  type PendingSecretDetails,
  TotpConfigError,
  type TotpSetupOptions,
  type verifyTotp,
} from "express-totp-setup";

interface User {
  id: number;
  email: string;
}

const users = new Map<string, User>([["key-of-ada", { id: 7, email: "ada@example.org" }]]);

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only with the argument `true`. */
function same<A, B>(_answer: Same<A, B>): void {}

const router = createTotpSetupRouter({
  // It comes first: the compiler reads off it what a user is, for the callbacks below it.
  authenticate: async (apiKey, req) => users.get(apiKey) ?? users.get(req.get("X-Other-Key") ?? ""),
  issuer: (user, req) => {
    same<typeof user, User>(true);
    return `Acme ${req.method}`;
  },
  accountName: (user) => user.email,
  savePendingSecret: (userId, secret, details) => {
    same<typeof userId, number>(true);
    same<typeof secret, string>(true);
    same<typeof details, PendingSecretDetails>(true);
    if (userId !== 7 || details.accountName !== "ada@example.org") throw new Error("wrong user");
  },
  onEvent: (event) => {
    if (event.type === "setup_started") same<typeof event.expiresAt, Date>(true);
  },
});
export const asRouter: Router = router;
same<ReturnType<typeof verifyTotp>, number | undefined>(true);

const authenticate = (apiKey: string) => users.get(apiKey);
const savePendingSecret = () => {};

/** Never called: the compiler refuses each of these. */
export function mistakes(): void {
  // @ts-expect-error savePendingSecret is missing.
  createTotpSetupRouter({ authenticate });
  // @ts-expect-error A name is misspelt.
  createTotpSetupRouter({ authenticate, savePendingSecret, isuer: "Acme" });
  // @ts-expect-error An option is of another type.
  createTotpSetupRouter({ authenticate, savePendingSecret, secretBytes: "20" });
  // @ts-expect-error No authenticator app has codes of five digits.
  createTotpSetupRouter({ authenticate, savePendingSecret, digits: 5 });
  // @ts-expect-error This app's ids are numbers.
  createTotpSetupRouter({ authenticate, savePendingSecret: (userId: string) => userId });
  // @ts-expect-error A user has an id.
  createTotpSetupRouter({ authenticate: () => ({ email: "ada@example.org" }), savePendingSecret });
}

// Whoever makes options in a function of their own can name their type.
const options: TotpSetupOptions = { authenticate: () => "ada", savePendingSecret };
createTotpSetupRouter(options);

try {
  createTotpSetupRouter({ ...options, secretBytes: 1 });
} catch (error) {
  if (!(error instanceof TotpConfigError) || error.option !== "secretBytes") throw error;
}

const app = express();
app.use(router);
const server = app.listen(0, "127.0.0.1", () => {
  stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
