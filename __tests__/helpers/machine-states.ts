import { generateBackupCodes } from "../../lib/service/machine/backup-codes.js";
import type { Context } from "../../lib/service/machine/operation.js";
import type {
  ActiveEnrollment,
  Lockout,
  PendingEnrollment,
  PendingSetups,
  TotpState,
} from "../../lib/service/machine/state.js";
import { START, secretNo, wrongCode } from "./service.js";

/** Secrets of the active and of the pending enrollment. */
export const [OLD, NEW] = [secretNo(1), secretNo(2)];
export const PARAMETERS = { algorithm: "SHA1", digits: 6, period: 30 } as const;
export const STEP = Math.floor(START / 30_000);
export const CONTEXT: Context = deepFreeze({ now: START, window: 1 });

/** None of any secret here. */
export const WRONG = wrongCode(START, OLD, NEW);

export function pendingEnrollment(secret: string, seconds = 600): PendingEnrollment {
  return { secret, ...PARAMETERS, expiresAt: START + seconds * 1000 };
}

export function pendingSetups(
  enrollments: PendingEnrollment[],
  changes: Partial<PendingSetups> = {},
): PendingSetups {
  return deepFreeze({
    enrollments,
    expiresAt: enrollments.at(-1)?.expiresAt ?? START + 600_000,
    wrongCodes: 0,
    ...changes,
  });
}

export const pending = pendingSetups([pendingEnrollment(NEW)]);

export const active: ActiveEnrollment = deepFreeze({
  secret: OLD,
  ...PARAMETERS,
  createdAt: START - 9_000_000,
  lastUsedStep: STEP - 300,
  verifiedAt: START - 9_000_000,
});

const generated = generateBackupCodes(4, 16);
/** The codes of `backupCodes`. */
export const codes = generated.codes as [string, string, string, string];
export const backupCodes = deepFreeze(generated.set);
export const newCodes = deepFreeze(generateBackupCodes(2, 16).set);

/** Wrong codes that do not lock yet. */
export const counted: Lockout = deepFreeze({
  wrongCodes: 2,
  lockedUntil: 0,
  allowanceUsedUntil: START + 60_000,
  reportedAt: 0,
});
export const locked: Lockout = deepFreeze({
  wrongCodes: 5,
  lockedUntil: START + 1500,
  allowanceUsedUntil: START + 60_000,
  reportedAt: 0,
});

export const logins = deepFreeze([
  { hash: "bG9naW4", expiresAt: START + 300_000, mustEnroll: false },
]);
export const devices = deepFreeze([
  { id: "device", hash: "dG9rZW4", createdAt: START, expiresAt: START + 900_000 },
]);

export const FULL: TotpState = deepFreeze({
  pending,
  active,
  backupCodes,
  lockout: counted,
  logins,
  devices,
});

/** Freezes what goes into an operation, so that one that changes its state in place fails. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
