export type { Awaitable } from "./base/awaitable.js";
export type { Clock } from "./base/clock.js";
export {
  TotpCallbackError,
  TotpConfigError,
  type TotpConfigErrorCode,
  TotpStateError,
  TotpTimeoutError,
} from "./base/errors.js";
export type { IdOf, TotpUser, UserId } from "./base/user.js";
export type { EnrolmentOptions } from "./enrolment/options.js";
export type { PendingSecret, PendingSecretDetails } from "./enrolment/pending.js";
export type { QrCodeOption, QrCodeRenderer } from "./enrolment/qr-code.js";
export type { ErrorBody } from "./http/error-answer.js";
export type { Authenticate } from "./http/identify.js";
export type { Middleware } from "./http/middleware.js";
export type { SecretEncoding } from "./otp/existing-secret.js";
export { createOtpauthUri, type OtpauthUriInput } from "./otp/otpauth-uri.js";
export type { TotpAlgorithm, TotpDigits, TotpParameters } from "./otp/parameters.js";
export { generateSecret } from "./otp/secret.js";
export { type VerifyTotpInput, verifyTotp } from "./otp/verify-totp.js";
export type { QrCodeOptions, QrErrorCorrection } from "./qr/options.js";
export { renderQrCode } from "./qr/render.js";
export { requireTotp } from "./require-totp.js";
export type { RequireTotpOptions } from "./router/guard-options.js";
export type { TokenAnswer, TokenRequest, TotpRouterOptions } from "./router/options.js";
export { type EncryptionKey, type EncryptionKeys, generateKey } from "./sealing/keys.js";
export { createSealer, type Sealer } from "./sealing/sealer.js";
export type { CodePurpose, TotpEvent } from "./service/events.js";
export type { ExistingEnrolment } from "./service/import.js";
export type {
  BackupCodeOptions,
  EncryptionOptions,
  TotpServiceOptions,
} from "./service/options.js";
export type {
  BeginSetupOutcome,
  Busy,
  CodeRefused,
  ConfirmOutcome,
  DisableOutcome,
  ImportOutcome,
  Locked,
  Refused,
  RegenerateOutcome,
  SavePendingOutcome,
  StepUpRefused,
  TotpStatus,
  VerifyOutcome,
} from "./service/outcomes.js";
export { createTotpService, type TotpService } from "./service/service.js";
export type { StepUp } from "./service/step-up.js";
export type { AttemptPolicy } from "./service/throttle.js";
export type { TotpSetupEvent } from "./setup/events.js";
export type { TotpSetupOptions } from "./setup/options.js";
export { createTotpSetupRouter } from "./setup-router.js";
export { createMemoryStore, type MemoryStoreOptions } from "./stores/memory.js";
export type { CompareAndSetOptions, TotpStore } from "./stores/store.js";
export { createTotpRouter } from "./totp-router.js";
