import type {
  BeginSetupOutcome,
  ConfirmOutcome,
  DisableOutcome,
  RegenerateOutcome,
  VerifyOutcome,
} from "express-totp-setup";

/** What a form for codes asks for. */
export type CodeKind = "app" | "backup-code";

export type Refusal = Extract<
  BeginSetupOutcome | ConfirmOutcome | DisableOutcome | RegenerateOutcome | VerifyOutcome,
  { ok: false }
>;

/** What to answer and to say where the library refused. */
export interface Problem {
  status: number;
  text: string;
  /** Whole seconds until trying again makes sense. */
  retryAfterSeconds?: number;
  /** Whether no code at all is accepted until then. */
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
            : "A backup code has 10 letters and digits, such as 7M2QX-0ZK4T.",
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
        text: "There were too many wrong codes, so no code is accepted for now.",
        retryAfterSeconds: refusal.retryAfterSeconds,
        isLocked: true,
      };
    case "busy":
      return {
        status: 429,
        text: "There were too many attempts at the same moment. Try again.",
        retryAfterSeconds: refusal.retryAfterSeconds,
      };
    case "expired":
      return { status: 409, text: "This setup took too long and has expired. Begin again." };
    case "nothing_pending":
      return { status: 409, text: "There is no setup to finish." };
    case "not_enabled":
      return { status: 409, text: "Two-factor authentication is off." };
  }
}
