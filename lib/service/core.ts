import { invalid } from "../base/checks.js";
import { readClock } from "../base/clock.js";
import { callHook, warnOfEventHook } from "../base/hooks.js";
import { type OptionTable, optional, type Resolved, resolveOptions } from "../base/options.js";
import { isUserId, USER_ID_EXPECTATION, type UserId } from "../base/user.js";
import type { ServiceConfig } from "./config.js";
import type { Actor, EventBody, TotpEvent } from "./events.js";
import type { Operation } from "./machine/operation.js";
import type { TotpState } from "./machine/state.js";
import type { Busy } from "./refusals.js";
import { readState, removeState, rewriteState, updateState } from "./storage/loop.js";

/** The user that a call is about, and who makes it. */
export interface Call {
  userId: UserId;
  by: Actor;
  context: unknown;
}

/**
 * Options of most methods of {@link TotpService}.
 *
 * @example
 * ```ts
 * const options: CallOptions = { context: { ip: req.ip } };
 * await totp.verify(user.id, "123456", options);
 * ```
 */
export interface CallOptions {
  /** The `context` of this call's events, such as the address of the client or the id of the request. */
  context?: unknown;
}

export const CALL_OPTIONS = {
  context: optional((_, context) => context),
} satisfies OptionTable<CallOptions>;

/** Reads the options of a method. A misspelled one must not have its default in silence. */
export function readOptions<Table extends typeof CALL_OPTIONS>(
  method: string,
  table: Table,
  given: unknown,
): Resolved<Table> {
  return resolveOptions(method, table, given === undefined ? {} : given);
}

export function callBy(by: Actor, userId: UserId, options: CallOptions): Call {
  return { userId, by, context: options.context };
}

/** What all methods of the service use. */
export interface Core {
  config: ServiceConfig;
  now(): number;
  read(userId: UserId): Promise<TotpState>;
  /** Applies an operation to the user's state, and emits its events after the write has succeeded. */
  run<Input, Outcome>(
    call: Call,
    operation: Operation<Input, Outcome>,
    input: Input,
  ): Promise<Outcome | Busy>;
  /** Writes the stored value again, encrypted with the current key. */
  rewrite(userId: UserId): Promise<{ ok: true; changed: boolean } | Busy>;
  /** Removes the stored value, and emits `reset` if there was one. */
  remove(call: Call): Promise<{ ok: true; changed: boolean } | Busy>;
}

export function createCore(config: ServiceConfig): Core {
  const { window, onEvent } = config;
  // Rounded, because a state stores whole milliseconds, and a clock like performance.now() returns fractions.
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
      if (isPlaintext) emit(callBy("user", userId, {}), [{ type: "plaintext_read" }]);
      return state;
    },
    async run(call, operation, input) {
      const { outcome, events } = await updateState(config, keyOf(call.userId), (state, previous) =>
        operation(state, input, { now: now(), window, previous }),
      );
      emit(call, events);
      return outcome;
    },
    async rewrite(userId) {
      const { outcome, events } = await rewriteState(config, keyOf(userId));
      emit(callBy("trusted", userId, {}), events);
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
