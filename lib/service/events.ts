import type { UserId } from "../base/user.js";

interface Event<Type extends string> {
  type: Type;
  /** As the caller gave it. */
  userId: UserId;
  at: Date;
}

/** Which call a code came with. */
export type CodePurpose = "confirm" | "verify" | "step_up";

/** What happened, for an audit log. It never holds a secret, a code, a backup code or an API key. */
export type TotpEvent =
  /** A pending secret was saved. */
  | (Event<"setup_started"> & { expiresAt: Date })
  /** The pending secret was confirmed: TOTP is on. */
  | (Event<"enabled"> & {
      /** Time steps between the present and the code; not 0 where a clock is off. */
      offset: number;
    })
  /** An enrollment of another system was put in: TOTP is on. */
  | Event<"imported">
  /** A code was accepted. */
  | (Event<"verified"> & {
      purpose: CodePurpose;
      method: "totp" | "backup_code";
      /** Time steps between the present and the TOTP code; not 0 where a clock is off. */
      offset?: number;
      backupCodesRemaining: number;
    })
  /** A wrong code was counted. */
  | (Event<"rejected"> & {
      purpose: CodePurpose;
      /** `clock_skew`: right within ten time steps, so one of the two clocks is probably off. */
      reason: "wrong" | "already_used" | "clock_skew";
      /** Time steps between the present and the code, where it is one of the secret's. */
      offset?: number;
    })
  /** The budget of wrong codes was spent. */
  | (Event<"locked"> & { purpose: CodePurpose; until: Date })
  /** An administrator ended a lock, or forgave the wrong codes that would have led to one. */
  | Event<"unlocked">
  | Event<"disabled">
  | Event<"backup_codes_regenerated">
  /** Two backup codes or fewer are left. */
  | (Event<"backup_codes_low"> & { backupCodesRemaining: number });
