import { invalid } from "../base/checks.js";
import { readClock } from "../base/clock.js";
import { callHook } from "../base/hooks.js";
import { isUserId, USER_ID_EXPECTATION, type UserId } from "../base/user.js";
import type { ServiceConfig } from "./config.js";
import type { CodePurpose, TotpEvent } from "./events.js";
import type { Busy, Refused } from "./outcomes.js";
import type { TotpState } from "./state.js";
import { readState, updateState } from "./storage/loop.js";
import type { Accepted, Context, Missed, Transition } from "./transition.js";

type EventBody = TotpEvent extends infer Each
  ? Each extends TotpEvent
    ? Omit<Each, "userId" | "at">
    : never
  : never;

/** How far a clock may be off for the operator to be told so. Without a listener nobody is. */
const SKEW_STEPS = 10;

/** Below this many backup codes the user should make new ones. */
const FEW_BACKUP_CODES = 2;

/** What the calls of the service share. */
export interface Core {
  config: ServiceConfig;
  read(userId: UserId): Promise<TotpState>;
  update<Outcome>(
    userId: UserId,
    apply: (
      state: TotpState,
      context: Context,
      isCurrent: boolean,
    ) => Promise<Transition<Outcome | Busy>>,
  ): Promise<Outcome | Busy>;
  now(): number;
  emit(userId: UserId, event: EventBody): void;
}

export function createCore(config: ServiceConfig): Core {
  const { attempts, window, onEvent } = config;
  const skewSteps = onEvent ? SKEW_STEPS : 0;
  // Whole milliseconds, which are all that a state can keep: performance.now() tells parts of them too.
  const now = () => Math.floor(readClock(config.now));
  return {
    config,
    now,
    read: async (userId) => readState(config, keyOf(userId)),
    update: async (userId, apply) =>
      updateState(config, keyOf(userId), (state, isCurrent) =>
        apply(state, { now: now(), window, skewSteps, attempts }, isCurrent),
      ),
    emit(userId, event) {
      if (!onEvent) return;
      const full = { ...event, userId, at: new Date(now()) } as TotpEvent;
      callHook(() => onEvent(full), warnOfHook);
    },
  };
}

/** Tells the audit log of an accepted code. */
export function reportAccepted(
  core: Core,
  userId: UserId,
  purpose: CodePurpose,
  { match, backupCodesRemaining }: Accepted,
): void {
  const { method } = match;
  const offset = match.method === "totp" ? { offset: match.offset } : {};
  core.emit(userId, { type: "verified", purpose, method, ...offset, backupCodesRemaining });
  if (method === "backup_code") reportBackupCodes(core, userId, backupCodesRemaining);
}

/** Tells the audit log of a wrong code, and gives the refusal as the caller may see it. */
export function reportMissed(
  core: Core,
  userId: UserId,
  purpose: CodePurpose,
  { miss, lockedUntil, ...refusal }: Missed,
): Refused<"wrong_code"> {
  core.emit(userId, { type: "rejected", purpose, ...miss });
  if (lockedUntil !== undefined)
    core.emit(userId, { type: "locked", purpose, until: new Date(lockedUntil) });
  return refusal;
}

export function reportBackupCodes(core: Core, userId: UserId, backupCodesRemaining: number): void {
  if (backupCodesRemaining > FEW_BACKUP_CODES) return;
  core.emit(userId, { type: "backup_codes_low", backupCodesRemaining });
}

function keyOf(userId: unknown): string {
  return isUserId(userId) ? String(userId) : invalid("userId", USER_ID_EXPECTATION, userId);
}

function warnOfHook(error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  process.emitWarning(`onEvent failed (${name})`, { type: "TotpWarning", code: "TOTP_ON_EVENT" });
}
