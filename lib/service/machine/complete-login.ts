import type { CodeRefused, Refused } from "../refusals.js";
import { type Accepted, acceptCode, hasActive } from "./accept-code.js";
import { isSameSet } from "./backup-codes.js";
import { type ConfirmInput, type ConfirmResult, confirm } from "./confirm.js";
import { findByHash } from "./entries.js";
import { type Operation, refuse, type Transition } from "./operation.js";
import type { BackupCodeSet } from "./state.js";

interface Input extends ConfirmInput {
  /** The hash of the session id. */
  hash: string;
  /** The backup codes of an earlier try of the same call, if it generated any. */
  triedBackupCodes?: BackupCodeSet | undefined;
}

type Outcome =
  | (Accepted & { hasEnrolled: boolean })
  | Exclude<ConfirmResult, { ok: true }>
  | CodeRefused
  | Refused<"unknown_session" | "not_enabled">;

/**
 * Completes a login with a code, and uses up its session in the same transition. If TOTP is off and must be set up, the
 * code that confirms the setup completes the login.
 */
export const completeLogin: Operation<Input, Outcome> = (state, input, context) => {
  // The confirmation that ended the session has landed before.
  if (isSameSet(state.backupCodes, input.triedBackupCodes)) {
    return enroll(confirm(state, input, context));
  }
  const login = findByHash(state.logins, input.hash, context.now);
  if (!login) return refuse(state, "unknown_session");
  if (hasActive(state)) {
    const accepted = acceptCode(state, { code: input.code, purpose: "login" }, context);
    const { outcome } = accepted;
    if (!outcome.ok) return { ...accepted, outcome };
    const logins = state.logins?.filter((each) => each !== login);
    return {
      ...accepted,
      state: { ...accepted.state, logins },
      outcome: { ...outcome, hasEnrolled: false },
    };
  }
  return login.mustEnroll ? enroll(confirm(state, input, context)) : refuse(state, "not_enabled");
};

function enroll(confirmed: Transition<ConfirmResult>): Transition<Outcome> {
  const { outcome, state } = confirmed;
  if (!outcome.ok) return { ...confirmed, outcome };
  const backupCodesRemaining = state.backupCodes?.hashes.length ?? 0;
  return {
    ...confirmed,
    outcome: { ok: true, method: "totp", backupCodesRemaining, hasEnrolled: true },
  };
}
