import {
  createMemoryStore,
  createTotpRouter,
  createTotpService,
  type RequireTotpOptions,
  requireTotp,
  TotpConfigError,
  type TotpRouterOptions,
} from "express-totp-setup";
import { thrownBy } from "../helpers/thrown-by.js";

const totp = createTotpService({ store: createMemoryStore() });
const authenticate = () => "ada";

const FACTORIES: [string, (options: object) => unknown][] = [
  ["createTotpRouter", (options) => createTotpRouter(options as TotpRouterOptions)],
  ["requireTotp", (options) => requireTotp(options as RequireTotpOptions)],
];

describe.each(FACTORIES)("%s", (name, create) => {
  test("a service and a callback are enough", () => {
    expect(typeof create({ totp, authenticate })).toBe("function");
  });

  test.each([undefined, null, "options", [], 5])("options that are none: %j", (options) => {
    const error = thrownBy(() => create(options as unknown as object));
    expect(error).toMatchObject({ code: "INVALID_OPTION", option: name });
  });

  test.each<[string, string, object]>([
    ["MISSING_OPTION", "totp", { totp: undefined }],
    ["INVALID_OPTION", "totp", { totp: null }],
    ["INVALID_OPTION", "totp", { totp: {} }],
    ["INVALID_OPTION", "totp", { totp: createMemoryStore() }],
    ["INVALID_OPTION", "totp", { totp: createTotpService }],
    ["MISSING_OPTION", "authenticate", { authenticate: undefined }],
    ["INVALID_OPTION", "authenticate", { authenticate: "key" }],
    ["INVALID_OPTION", "apiKeyHeader", { apiKeyHeader: "X API Key" }],
    ["INVALID_OPTION", "apiKeyHeader", { apiKeyHeader: "" }],
    ["INVALID_OPTION", "onError", { onError: "log" }],
    ["UNKNOWN_OPTION", "authenticat", { authenticat: authenticate }],
    ["UNKNOWN_OPTION", "store", { store: createMemoryStore() }],
  ])("%s %s", (code, option, options) => {
    const error = thrownBy(() => create({ totp, authenticate, ...options }));
    expect(error).toBeInstanceOf(TotpConfigError);
    expect(error).toMatchObject({ code, option });
  });
});

test.each<[string, string, object]>([
  ["INVALID_OPTION", "issueTokens", { issueTokens: {} }],
  ["INVALID_OPTION", "issueTokens", { issueTokens: null }],
  ["INVALID_OPTION", "resolveLoginSession", { resolveLoginSession: true }],
  ["INVALID_OPTION", "resolveLoginSession", { resolveLoginSession: null }],
  ["INVALID_OPTION", "stepUp", { stepUp: true }],
  ["INVALID_OPTION", "stepUp", { stepUp: "optional" }],
  ["INVALID_OPTION", "stepUp", { stepUp: false }],
  ["INVALID_OPTION", "basePath", { basePath: "totp" }],
  ["INVALID_OPTION", "basePath", { basePath: "/totp/*" }],
  ["INVALID_OPTION", "basePath", { basePath: "" }],
  ["INVALID_OPTION", "loginPath", { loginPath: "/a?" }],
  ["INVALID_OPTION", "loginPath", { loginPath: ["/a"] }],
  ["UNKNOWN_OPTION", "stepup", { stepup: "off" }],
  ["UNKNOWN_OPTION", "resolveSession", { resolveSession: authenticate }],
  ["UNKNOWN_OPTION", "issuer", { issuer: "Acme" }],
])("createTotpRouter: %s %s", (code, option, options) => {
  const given = { totp, authenticate, ...options } as TotpRouterOptions;
  const error = thrownBy(() => createTotpRouter(given));
  expect(error).toMatchObject({ code, option });
});

test.each<[string, string, object]>([
  ["INVALID_OPTION", "getUserId", { getUserId: "id" }],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: 0 }],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: 86_401 }],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: 0.5 }],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: "60" }],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: null }],
  ["UNKNOWN_OPTION", "maxAge", { maxAge: 60 }],
])("requireTotp: %s %s", (code, option, options) => {
  const callbacks = option === "getUserId" ? {} : { authenticate };
  const error = thrownBy(() =>
    requireTotp({ totp, ...callbacks, ...options } as RequireTotpOptions),
  );
  expect(error).toMatchObject({ code, option });
});

test("requireTotp takes one way to tell the user, not two and not none", () => {
  const getUserId = () => "ada";
  expect(() => requireTotp({ totp, getUserId })).not.toThrow();
  const both = thrownBy(() => requireTotp({ totp, authenticate, getUserId }));
  expect(both).toMatchObject({ code: "INVALID_OPTION", option: "getUserId" });
  const none = thrownBy(() => requireTotp({ totp }));
  expect(none).toMatchObject({ code: "MISSING_OPTION", option: "authenticate" });
});
