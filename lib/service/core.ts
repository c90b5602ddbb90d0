import { invalid } from "../base/checks.js";
import { readClock } from "../base/clock.js";
import { callHook, warnOfEventHook } from "../base/hooks.js";
import { isUserId, USER_ID_EXPECTATION, type UserId } from "../base/user.js";
import type { ServiceConfig } from "./config.js";
import type { Actor, EventBody, TotpEvent } from "./events.js";
import type { Operation } from "./machine/operation.js";
import type { TotpState } from "./machine/state.js";
import type { Busy } from "./outcomes.js";
import { readState, removeState, rewriteState, updateState } from "./storage/loop.js";

/** Whom a call is about, and who makes it. */
export interface Call {
  userId: UserId;
  by: Actor;
  context: unknown;
}

/** Options of every call. */
export interface CallOptions {
  /** Passed on to the events of this call: an address, a request's id, whatever the app wants there. */
  context?: unknown;
}

export function callBy(by: Actor, userId: UserId, options: CallOptions | undefined): Call {
  return { userId, by, context: options?.context };
}

/** What the calls of the service share. */
export interface Core {
  config: ServiceConfig;
  now(): number;
  read(userId: UserId): Promise<TotpState>;
  /** Applies an operation to the user's state, and emits its events once the write has won. */
  run<Input, Outcome>(
    call: Call,
    operation: Operation<Input, Outcome>,
    input: Input,
  ): Promise<Outcome | Busy>;
  /** Writes what is stored again, encrypted under the current key. */
  rewrite(userId: UserId): Promise<{ ok: true; changed: boolean } | Busy>;
  /** Removes what is stored, and emits `reset` if there was anything. */
  remove(call: Call): Promise<{ ok: true; changed: boolean } | Busy>;
}

export function createCore(config: ServiceConfig): Core {
  const { window, onEvent } = config;
  // Whole milliseconds, which are all that a state can keep: performance.now() has parts of them too.
  const now = () => Math.floor(readClock(config.now));

  function emit({ userId, by, context }: Call, events: readonly EventBody[] = []): void {
    if (!onEvent || events.length === 0) return;
    const at = new Date(now());
    for (const body of events) {
      const event: TotpEvent = {
        ...body,
        userId,
        by,
        at,
        ...(context !== undefined && { context }),
      };
      callHook(() => onEvent(event), warnOfEventHook);
    }
  }

  return {
    config,
    now,
    async read(userId) {
      const { state, isPlaintext } = await readState(config, keyOf(userId));
      if (isPlaintext) emit(callBy("user", userId, undefined), [{ type: "plaintext_read" }]);
      return state;
    },
    async run(call, operation, input) {
      const { outcome, events } = await updateState(config, keyOf(call.userId), (state) =>
        operation(state, input, { now: now(), window }),
      );
      emit(call, events);
      return outcome;
    },
    async rewrite(userId) {
      const { outcome, events } = await rewriteState(config, keyOf(userId));
      emit(callBy("trusted", userId, undefined), events);
      return outcome;
    },
    async remove(call) {
      const outcome = await removeState(config, keyOf(call.userId));
      if (outcome.ok && outcome.changed) emit(call, [{ type: "reset" }]);
      return outcome;
    },
  };
}

function keyOf(userId: unknown): string {
  return isUserId(userId) ? String(userId) : invalid("userId", USER_ID_EXPECTATION, userId);
}
