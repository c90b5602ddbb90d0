import {
  createMemoryStore,
  createTotpRouter,
  createTotpService,
  type RequireTotpOptions,
  requireTotp,
  type SessionFreshnessOptions,
  sessionFreshness,
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

const getUser = () => "ada";
const authorizeSetup = () => true;

describe.each(FACTORIES)("%s", (name, create) => {
  test("a service and a callback are enough", () => {
    expect(typeof create({ totp, authenticate })).toBe("function");
  });

  test("so are a service and who is signed in, with who may begin a setup", () => {
    const given = { totp, getUser, ...(name === "createTotpRouter" && { authorizeSetup }) };
    expect(typeof create(given)).toBe("function");
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
    ["INVALID_OPTION", "totp", { totp: { verify: () => ({ ok: true }) } }],
    ["INVALID_OPTION", "totp", { totp: { config: totp.config } }],
    ["MISSING_OPTION", "authenticate", { authenticate: undefined }],
    ["INVALID_OPTION", "authenticate", { authenticate: "key" }],
    ["INVALID_OPTION", "apiKeyHeader", { apiKeyHeader: "X API Key" }],
    ["INVALID_OPTION", "apiKeyHeader", { apiKeyHeader: "" }],
    ["INVALID_OPTION", "apiKeyHeader", { apiKeyHeader: "Cookie" }],
    ["INVALID_OPTION", "getUser", { authenticate: undefined, getUser: "id" }],
    ["INVALID_OPTION", "getUser", { getUser }],
    ["INVALID_OPTION", "trustedOrigins", { trustedOrigins: "https://app.example" }],
    ["INVALID_OPTION", "trustedOrigins", { trustedOrigins: ["app.example"] }],
    ["INVALID_OPTION", "trustedOrigins", { trustedOrigins: ["https://app.example/"] }],
    ["INVALID_OPTION", "trustedOrigins", { trustedOrigins: ["null"] }],
    ["INVALID_OPTION", "trustedOrigins", { trustedOrigins: [5] }],
    ["INVALID_OPTION", "trustedOrigins", { trustedOrigins: ["capacitor://localhost/"] }],
    ["INVALID_OPTION", "trustedOrigins", { trustedOrigins: ["http://app.example:80"] }],
    ["INVALID_OPTION", "trustedOrigins", { trustedOrigins: ["https://app.example:443"] }],
    ["INVALID_OPTION", "trustedOrigins", { trustedOrigins: ["*"] }],
    ["INVALID_OPTION", "errorHandler", { errorHandler: "json" }],
    ["INVALID_OPTION", "eventContext", { eventContext: {} }],
    ["INVALID_OPTION", "freshness", { freshness: { maxAgeSeconds: 300 } }],
    ["INVALID_OPTION", "freshness", { freshness: { maxAgeSeconds: 300, get: () => {} } }],
    ["INVALID_OPTION", "freshness", { freshness: { maxAgeSeconds: 300, set: () => {} } }],
    ["INVALID_OPTION", "freshness", { freshness: 300 }],
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
  ["INVALID_OPTION", "authorizeSetup", { authorizeSetup: true }],
  ["INVALID_OPTION", "authorizeSetup", { authorizeSetup: "any" }],
  ["MISSING_OPTION", "authorizeSetup", { authenticate: undefined, getUser }],
  ["INVALID_OPTION", "deviceCookie", { deviceCookie: "totp" }],
  ["INVALID_OPTION", "otpauthUri", { otpauthUri: 1 }],
  ["INVALID_OPTION", "stepUp", { stepUp: true }],
  ["INVALID_OPTION", "stepUp", { stepUp: "optional" }],
  ["INVALID_OPTION", "stepUp", { stepUp: false }],
  ["INVALID_OPTION", "basePath", { basePath: "totp" }],
  ["INVALID_OPTION", "basePath", { basePath: "my/totp" }],
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
  ["INVALID_OPTION", "getCode", { getCode: "X-TOTP-Code" }],
  ["INVALID_OPTION", "getCode", { getCode: null }],
  ["INVALID_OPTION", "whenNotEnabled", { whenNotEnabled: "deny" }],
  ["INVALID_OPTION", "whenNotEnabled", { whenNotEnabled: false }],
  ["INVALID_OPTION", "whenNotEnabled", { whenNotEnabled: null }],
  ["UNKNOWN_OPTION", "issueTokens", { issueTokens: authenticate }],
  ["UNKNOWN_OPTION", "maxAgeSeconds", { maxAgeSeconds: 60 }],
])("requireTotp: %s %s", (code, option, options) => {
  const given = { totp, authenticate, ...options } as RequireTotpOptions;
  expect(thrownBy(() => requireTotp(given))).toMatchObject({ code, option });
});

test.each<[string, string, object]>([
  ["MISSING_OPTION", "maxAgeSeconds", {}],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: 0 }],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: 86_401 }],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: 0.5 }],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: "60" }],
  ["INVALID_OPTION", "maxAgeSeconds", { maxAgeSeconds: null }],
  ["INVALID_OPTION", "get", { maxAgeSeconds: 60, get: "session", set: () => {} }],
  ["MISSING_OPTION", "set", { maxAgeSeconds: 60, get: () => {} }],
  ["MISSING_OPTION", "get", { maxAgeSeconds: 60, set: () => {} }],
  ["UNKNOWN_OPTION", "maxAge", { maxAge: 60 }],
])("sessionFreshness: %s %s", (code, option, options) => {
  const error = thrownBy(() => sessionFreshness(options as SessionFreshnessOptions));
  expect(error).toMatchObject({ code, option });
});

test("sessionFreshness names what is missing beside get or set", () => {
  const expectedOf = (options: object) =>
    thrownBy(() => sessionFreshness({ maxAgeSeconds: 60, ...options }));
  expect(expectedOf({ get: () => {} })).toMatchObject({
    expected: "a function (req, value) => void, because get is set",
  });
  expect(expectedOf({ set: () => {} })).toMatchObject({
    expected: "a function (req) => value, because set is set",
  });
});

test("createTotpRouter says what authorizeSetup is for", () => {
  const error = thrownBy(() => createTotpRouter({ totp, getUser } as TotpRouterOptions));
  expect(error.message).toContain("It keeps a stolen session from enrolling a thief's phone.");
});

test("an origin can have a scheme of an app's own", () => {
  const trustedOrigins = ["capacitor://localhost", "shttp://app.example", "http://localhost:3000"];
  expect(() => createTotpRouter({ totp, authenticate, trustedOrigins })).not.toThrow();
});

test("without authenticate and getUser, the first of them is missing", () => {
  expect(thrownBy(() => createTotpRouter({ totp } as TotpRouterOptions))).toMatchObject({
    code: "MISSING_OPTION",
    option: "authenticate",
    expected: expect.stringContaining("a function (apiKey, req) => user or null"),
  });
});

test("sessionFreshness without options names itself", () => {
  expect(thrownBy(() => sessionFreshness(undefined as never))).toMatchObject({
    code: "INVALID_OPTION",
    option: "sessionFreshness",
  });
});
