import type { ServiceConfig } from "./config.js";
import { generateBackupCodes } from "./machine/backup-codes.js";
import type { BackupCodeSet } from "./machine/state.js";

/** Codes for an operation that may need them; none if backup codes are off. */
export function newBackupCodes({ backupCodes }: ServiceConfig): {
  codes: string[];
  set: BackupCodeSet | undefined;
} {
  if (!backupCodes) return { codes: [], set: undefined };
  return generateBackupCodes(backupCodes.count, backupCodes.length);
}
