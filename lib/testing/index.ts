export {
  createTestAuthenticator,
  type TestAuthenticator,
  type TestAuthenticatorOptions,
} from "./authenticator.js";
export type { TotpStoreTestOptions } from "./options.js";
export type { TestRunner } from "./runner.js";
export { testTotpStore } from "./test-store.js";
