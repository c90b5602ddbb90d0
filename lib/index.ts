export type { Awaitable } from "./base/awaitable.js";
export type { Clock } from "./base/clock.js";
export {
  TotpCallbackError,
  TotpConfigError,
  type TotpConfigErrorCode,
  TotpTimeoutError,
} from "./base/errors.js";
export type { IdOf, TotpUser, UserId } from "./base/user.js";
export type { EnrolmentOptions } from "./enrolment/options.js";
export type { PendingSecretDetails } from "./enrolment/pending.js";
export type { QrCodeOption, QrCodeRenderer } from "./enrolment/qr-code.js";
export type { ErrorBody } from "./http/error-answer.js";
export type { Authenticate } from "./http/identify.js";
export { createOtpauthUri, type OtpauthUriInput } from "./otp/otpauth-uri.js";
export type { TotpAlgorithm, TotpDigits, TotpParameters } from "./otp/parameters.js";
export { generateSecret } from "./otp/secret.js";
export { type VerifyTotpInput, verifyTotp } from "./otp/verify-totp.js";
export type { QrCodeOptions, QrErrorCorrection } from "./qr/options.js";
export { renderQrCode } from "./qr/render.js";
export type { TotpSetupEvent } from "./setup/events.js";
export type { TotpSetupOptions } from "./setup/options.js";
export { createTotpSetupRouter } from "./setup-router.js";
