import { TRUSTED } from "express-totp-setup";
import { readProof } from "../../lib/service/proof.js";
import { beginWith, type Rig } from "./service.js";
import type { Command, Proof } from "./service-model.js";

/** Gives a command of the model to a service. */
export async function runCommand(rig: Rig, userId: string, command: Command): Promise<object> {
  const { totp } = rig;
  switch (command.do) {
    case "setup":
      return beginWith(rig, userId, command.secret, readProof(proofOf(command.proof).proof));
    case "resume": {
      const outcome = await totp.resumeSetup(userId, command.secret);
      if (!outcome.ok) return outcome;
      const { ok, secret, expiresAt } = outcome;
      return { ok, secret, expiresAt };
    }
    case "confirm":
      return totp.confirm(userId, command.code.text);
    case "verify":
      return totp.verify(userId, command.code.text);
    case "disable":
      return totp.disable(userId, proofOf(command.proof));
    case "regenerate":
      return totp.regenerateBackupCodes(userId, proofOf(command.proof));
    case "import": {
      const { secret, usedStep: lastUsedStep } = command;
      return totp.importEnrollment(userId, {
        secret,
        encoding: "base32",
        ...(lastUsedStep !== undefined && { lastUsedStep }),
      });
    }
    case "unlock":
      return totp.unlock(userId);
    case "reset":
      return totp.reset(userId);
    case "reencrypt": {
      // Whether there was anything to do depends on what was written before, of which the model knows nothing.
      const { ok } = await totp.reencrypt(userId);
      return { ok };
    }
    case "status":
      return totp.status(userId);
  }
}

function proofOf(proof: Proof) {
  if (proof === "trusted") return { proof: TRUSTED } as const;
  return proof === "none" ? { proof: undefined } : { proof: { code: proof.text } };
}

/** An outcome with its new backup codes apart. */
export function splitOutcome(outcome: object): { outcome: object; backupCodes: string[] } {
  const { backupCodes, ...rest } = outcome as { backupCodes?: string[] };
  return { outcome: rest, backupCodes: backupCodes ?? [] };
}
