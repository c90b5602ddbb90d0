import express, { type Request } from "express";
import {
  createMemoryStore,
  createTotpRouter,
  createTotpService,
  createTotpSetupRouter,
  requireTotp,
  type TotpEvent,
  type TotpVerification,
} from "express-totp-setup";

// What the compiler says of these is the test; they are constructed so that they are no dead code.

interface Row {
  id: number;
  email: string;
}

const row: Row = { id: 1, email: "ada@example.com" };
const getUser = (req: Request) => (req.get("Cookie") ? row : null);
const totp = createTotpService({ store: createMemoryStore() });

test("req.totp is known to the handlers behind the guard", () => {
  const app = express();
  app.post("/transfers", requireTotp({ totp, getUser }), (req, res) => {
    const passed: TotpVerification | undefined = req.totp;
    const at: number | undefined = passed?.verifiedAt.getTime();
    const method: "totp" | "three_codes" | "backup_code" | undefined = passed?.method;
    // @ts-expect-error -- it may have been allowed without
    const unguarded = () => req.totp.verifiedAt;
    res.json([at, method, unguarded]);
  });
  expect(app).toBeDefined();
});

test("whenNotEnabled and getCode learn of the user and the request", () => {
  const guards = [
    requireTotp({ totp, getUser, whenNotEnabled: "allow" }),
    requireTotp({
      totp,
      getUser,
      whenNotEnabled: (user, req) =>
        user.email.endsWith("@acme.example") && req.secure ? "refuse" : "allow",
      getCode: async (req) => req.get("X-Code"),
    }),
    // @ts-expect-error -- no such decision
    () => requireTotp({ totp, getUser, whenNotEnabled: "deny" }),
    // @ts-expect-error -- a decision is no boolean
    requireTotp({ totp, getUser, whenNotEnabled: () => true }),
    // @ts-expect-error -- a code is a text
    requireTotp({ totp, getUser, getCode: () => 123_456 }),
  ];
  expect(guards).toHaveLength(5);
});

test("an error handler is one of Express, with what the error has", () => {
  const router = createTotpRouter({
    totp,
    getUser,
    authorizeSetup: (user) => user.email !== "",
    errorHandler: (error, _req, res, next) => {
      if (error.status >= 500) return next(error);
      return res.status(error.status).json({ reason: error.reason, details: error.details });
    },
    eventContext: (req) => ({ ip: req.ip }),
  });
  expect(router).toBeDefined();
});

test("events have the ids of the app, in the type that the app gives them", () => {
  const services = [
    createTotpService({
      store: createMemoryStore(),
      accountName: (user: Row) => user.email,
      onEvent: (event) => {
        if (event.type === "unauthenticated") return [event.by, event.at, event.userId];
        return [event.userId.toFixed(), event.by, event.context];
      },
    }),
    createTotpService({
      store: createMemoryStore(),
      accountName: (user: Row) => user.email,
      // @ts-expect-error -- the id of a row is a number
      onEvent: (event) => event.userId?.toUpperCase(),
    }),
  ];
  const events: TotpEvent<number>[] = [];
  const router = createTotpSetupRouter({
    getUser,
    savePendingSecret: () => {},
    onEvent: (event) => (event.type === "setup_started" ? event.userId.toFixed() : event.by),
  });
  expect([services.length, events.length, typeof router]).toEqual([2, 0, "function"]);
});
