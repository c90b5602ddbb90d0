import type { ServiceConfig } from "./config.js";
import { generateBackupCodes } from "./machine/backup-codes.js";
import type { BackupCodeSet } from "./machine/state.js";

/** Generates backup codes for an operation that may need them. Returns none if they are off. */
export function newBackupCodes({ backupCodes }: ServiceConfig): {
  codes: string[];
  set: BackupCodeSet | undefined;
} {
  if (!backupCodes) return { codes: [], set: undefined };
  return generateBackupCodes(backupCodes.count, backupCodes.length);
}
