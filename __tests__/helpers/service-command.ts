import type { PendingSecret, TotpService } from "express-totp-setup";
import type { Command, Proof } from "./service-model.js";

/** Gives a command of the model to a service. */
export function runCommand(
  totp: TotpService,
  userId: string,
  command: Command,
  now: number,
): Promise<object> {
  switch (command.do) {
    case "setup":
      return totp.savePending(userId, pendingOf(totp, command.secret, now), stepUp(command.proof));
    case "confirm":
      return totp.confirm(userId, command.code.text);
    case "verify":
      return totp.verify(userId, command.code.text);
    case "disable":
      return totp.disable(userId, stepUp(command.proof));
    case "regenerate":
      return totp.regenerateBackupCodes(userId, stepUp(command.proof));
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
    case "status":
      return totp.status(userId);
  }
}

/** A secret of the test's choice, in the form in which `createTotpSetupRouter` hands one over. */
function pendingOf({ config }: TotpService, secret: string, now: number): PendingSecret {
  const expiresAt = new Date(now + config.pendingSeconds * 1000);
  const uri = { issuer: "Acme", accountName: "ada", otpauthUri: "otpauth://totp/Acme:ada" };
  return { secret, details: { ...uri, ...config.parameters, expiresAt } };
}

function stepUp(proof: Proof): { code?: string } | undefined {
  if (proof === "vouched") return undefined;
  return proof === "none" ? {} : { code: proof.text };
}

/** An outcome with its new backup codes apart. */
export function splitOutcome(outcome: object): { outcome: object; backupCodes: string[] } {
  const { backupCodes, ...rest } = outcome as { backupCodes?: string[] };
  return { outcome: rest, backupCodes: backupCodes ?? [] };
}
