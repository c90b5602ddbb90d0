import express, { type RequestHandler, type Router } from "express";
import {
  createMemoryStore,
  createTotpRouter,
  createTotpService,
  type Middleware,
  requireTotp,
} from "express-totp-setup";

// What the compiler says of these is the test; they are constructed so that they are no dead code.

interface Row {
  id: number;
  email: string;
}

const row: Row = { id: 1, email: "ada@example.com" };
const authenticate = async (key: string) => (key === "a" ? row : null);
const totp = createTotpService({ store: createMemoryStore() });

test("the callbacks learn what a user is from authenticate, not from the service", () => {
  const router = createTotpRouter({
    totp,
    authenticate,
    issueTokens: ({ user }) => ({ access_token: user?.email.trim() }),
    resolveLoginSession: () => row,
  });
  const named = createTotpService({
    store: createMemoryStore(),
    accountName: (user: Row) => user.email,
  });
  expect([router, createTotpRouter({ totp: named, authenticate })]).toHaveLength(2);
});

test("what does not fit is told by the compiler", () => {
  const routers = [
    createTotpRouter({
      totp,
      authenticate,
      // @ts-expect-error -- a row has no such property
      issueTokens: ({ user }) => ({ access_token: user?.name }),
    }),
    // @ts-expect-error -- a user needs an id
    createTotpRouter({ totp, authenticate: () => ({ email: "ada@example.com" }) }),
  ];
  expect(routers).toHaveLength(2);
});

test("routers and guards are those of Express, and what any release of it mounts", () => {
  const router: Router & Middleware = createTotpRouter({ totp, authenticate });
  const guard: RequestHandler & Middleware = requireTotp({ totp, authenticate });
  const app = express().use(router);
  app.get("/accounts/:account", guard, (req, res) => {
    res.send(req.params.account.trim());
  });
  expect(app).toBeDefined();
});
