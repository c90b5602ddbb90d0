export type { Awaitable } from "./base/awaitable.js";
export type { Clock } from "./base/clock.js";
export {
  TotpCallbackError,
  TotpConfigError,
  type TotpConfigErrorCode,
  TotpStateError,
  TotpTimeoutError,
} from "./base/errors.js";
export type { IdOf, TotpUser, UserId, UserIdObject } from "./base/user.js";
export { createEncrypter, type Encrypter } from "./encryption/encrypter.js";
export { type EncryptionKey, type EncryptionKeys, generateKey } from "./encryption/keys.js";
export type { EnrollmentOptions } from "./enrollment/options.js";
export type { PendingSecretDetails } from "./enrollment/pending.js";
export type { QrCodeOption, QrCodeRenderer } from "./enrollment/qr-code.js";
export {
  type Freshness,
  type SessionFreshnessOptions,
  type SessionValue,
  sessionFreshness,
} from "./express/freshness.js";
export type {
  DecideNotEnabled,
  NotEnabledDecision,
  RequireTotpOptions,
} from "./express/guard-options.js";
export type { MustEnroll } from "./express/must-enroll.js";
export { type RememberCodeOptions, rememberCode } from "./express/remember-code.js";
export { requireTotp, type TotpVerification } from "./express/require-totp.js";
export type { AuthorizeSetup, TotpRouterOptions } from "./express/router-options.js";
export type { TotpSetupEvent } from "./express/setup-events.js";
export type { TotpSetupOptions } from "./express/setup-options.js";
export { createTotpSetupRouter } from "./express/setup-router.js";
export type { TokenRequest, TokenResponse } from "./express/tokens.js";
export { createTotpRouter } from "./express/totp-router.js";
export { readDeviceToken } from "./express/trust-device.js";
export type { ErrorResponseBody } from "./http/error-response.js";
export type { Authenticate, GetUser } from "./http/identify.js";
export type { Middleware } from "./http/middleware.js";
export type { HttpOptions } from "./http/options.js";
export type { ErrorHandler, TotpHttpError } from "./http/respond.js";
export type { SecretEncoding } from "./otp/existing-secret.js";
export { type GenerateTotpInput, generateTotp } from "./otp/generate-totp.js";
export { createOtpauthUri, type OtpauthUriInput } from "./otp/otpauth-uri.js";
export type { TotpAlgorithm, TotpDigits, TotpParameters } from "./otp/parameters.js";
export { generateSecret } from "./otp/secret.js";
export { type VerifyTotpInput, verifyTotp } from "./otp/verify-totp.js";
export type { QrCodeOptions, QrErrorCorrection } from "./qr/options.js";
export { renderQrCode } from "./qr/render.js";
export type { CallOptions } from "./service/core.js";
export type { TrustDeviceOptions } from "./service/devices.js";
export type { Actor, CodeMethod, CodePurpose, EventBody, TotpEvent } from "./service/events.js";
export type { ExistingEnrollment } from "./service/import.js";
export type { BeginLoginOptions } from "./service/login.js";
export type {
  BeginLoginOutcome,
  CompleteLoginOutcome,
  TrustDeviceOutcome,
  TrustedDevice,
  WaitingLogin,
} from "./service/login-outcomes.js";
export type {
  BackupCodeOptions,
  EncryptionOptions,
  TotpServiceOptions,
} from "./service/options.js";
export type {
  BeginSetupOutcome,
  ConfirmOutcome,
  DisableOutcome,
  ImportOutcome,
  RegenerateOutcome,
  ResumeSetupOutcome,
  Setup,
  TotpStatus,
  VerifyOutcome,
} from "./service/outcomes.js";
export { type CodeProof, type ProofOptions, TRUSTED, type Trusted } from "./service/proof.js";
export type {
  Busy,
  ClockSkew,
  CodeRefused,
  Locked,
  ProofRefused,
  Refused,
} from "./service/refusals.js";
export { createTotpService } from "./service/service.js";
export type { BeginSetupOptions } from "./service/setup.js";
export type { TotpService } from "./service/totp-service.js";
export { createMemoryStore, type MemoryStoreOptions } from "./stores/memory.js";
export { storedText, wroteOneRow } from "./stores/results.js";
export type { CompareAndSetOptions, TotpStore } from "./stores/store.js";
