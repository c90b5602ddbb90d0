import type {
  BeginLoginOutcome,
  BeginSetupOutcome,
  CompleteLoginOutcome,
  ConfirmOutcome,
  DisableOutcome,
  RegenerateOutcome,
} from "express-totp-setup";
import { formatClockOffset } from "./formats.js";

/** What a form for codes asks for. */
export type CodeKind = "app" | "backup-code";

export type Refusal = Extract<
  | BeginLoginOutcome
  | BeginSetupOutcome
  | CompleteLoginOutcome
  | ConfirmOutcome
  | DisableOutcome
  | RegenerateOutcome,
  { ok: false }
>;

/** The status of a page that says what the library refused, and the words. */
export interface Problem {
  status: number;
  text: string;
  /** Whole seconds until trying again makes sense. */
  retryAfterSeconds?: number;
  /** Whether single codes are refused until then. Backup codes and three codes in a row are not. */
  isLocked?: boolean;
}

/** Every refusal of the library, in words for its user. */
export function explain(refusal: Refusal, kind: CodeKind = "app"): Problem {
  switch (refusal.reason) {
    case "code_required":
      return { status: 422, text: "Enter a code." };
    case "malformed_code":
      return {
        status: 422,
        text:
          kind === "app"
            ? "A code is the 6 digits that your authenticator app shows."
            : "A backup code has 16 letters and digits, such as 7M2Q-X0ZK-4TBH-9E1R.",
      };
    case "wrong_code":
      return {
        status: 422,
        text:
          kind === "app"
            ? "This code is wrong, or it was used before. Enter the one that the app shows now."
            : "This backup code is wrong, or it was used before. Each one works once.",
      };
    case "locked":
      return {
        status: 429,
        text: "There were too many wrong codes.",
        retryAfterSeconds: refusal.retryAfterSeconds,
        isLocked: true,
      };
    case "busy":
      return {
        status: 429,
        text: "There were too many attempts at the same time. Try again.",
        retryAfterSeconds: refusal.retryAfterSeconds,
      };
    case "expired":
      return { status: 409, text: "This setup took too long and has expired. Begin again." };
    case "nothing_pending":
      return { status: 409, text: "There is no setup to finish." };
    case "not_enabled":
      return { status: 409, text: "Two-factor authentication is off." };
    case "already_enabled":
      return {
        status: 409,
        text: "Two-factor authentication is on. If you have not saved your backup codes, make new ones.",
      };
    case "clock_skew":
      return { status: 422, text: formatClockOffset(refusal.offsetSeconds) };
    case "not_authorized":
      return { status: 403, text: "Sign in again, then turn on two-factor authentication." };
    case "unknown_session":
      return { status: 401, text: "That took too long. Enter your password again." };
  }
}
