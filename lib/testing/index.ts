export {
  createTestAuthenticator,
  type TestAuthenticator,
  type TestAuthenticatorOptions,
} from "./authenticator.js";
export type { TotpStoreTestOptions } from "./options.js";
export { type TestRunner, testTotpStore } from "./test-store.js";
