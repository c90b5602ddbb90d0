import type { ProofRefused, Refused } from "../refusals.js";
import { isSameSet } from "./backup-codes.js";
import { type Operation, refuse } from "./operation.js";
import type { BackupCodeSet } from "./state.js";
import { type Proof, withProof } from "./with-proof.js";

interface Input {
  backupCodes: BackupCodeSet | undefined;
  proof: Proof;
}

type Outcome = { ok: true } | ProofRefused | Refused<"not_enabled">;

/** Replaces all backup codes. */
export const regenerateBackupCodes: Operation<Input, Outcome> = (state, input, context) => {
  const { backupCodes, proof } = input;
  if (!state.active) return refuse(state, "not_enabled");
  const events = [{ type: "backup_codes_regenerated" as const }];
  if (isSameSet(state.backupCodes, backupCodes)) return { state, outcome: { ok: true }, events };
  return withProof(state, proof, context, (state) => ({
    state: { ...state, backupCodes },
    outcome: { ok: true },
    events,
  }));
};
