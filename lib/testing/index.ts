export type {
  AppRequest,
  AppResponse,
  TestClient,
  TestRequestOptions,
  TestResponse,
} from "./app/request.js";
export type { TestUser, TwoFactorAppOptions } from "./app/two-factor-app.js";
export {
  createTestAuthenticator,
  type TestAuthenticator,
  type TestAuthenticatorOptions,
} from "./authenticator.js";
export type { TotpStoreTestOptions } from "./options.js";
export type { TestRunner } from "./runner.js";
export { testTwoFactorApp } from "./test-app.js";
export { testTotpStore } from "./test-store.js";
