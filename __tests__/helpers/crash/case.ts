import type { Start, World } from "./world.js";

/** What a call returned. */
export type Answer = Record<string, unknown>;

/** A call of the service, and what its client is promised. */
export interface CrashCase {
  name: string;
  start: Start;
  call(world: World): Promise<unknown>;
  /** Of an undisturbed call, and what it emits. */
  outcome: unknown;
  events: string[];
  /** Of the same call again, after the first has taken effect. The same if left out. */
  again?: { outcome: unknown; events: string[] };
  /** Whether a write that the store's client sends twice has the outcome of the first. */
  knowsOwnWrite?: boolean;
  /** Whether the call takes effect each time that it is made. */
  addsUp?: boolean;
  readsOnly?: boolean;
  encryptedOnly?: boolean;
  /** What the client does after that, with what its last try returned. */
  afterwards(world: World, last: Answer): Promise<void>;
}

export const OK = { ok: true };
export const no = (reason: string) => ({ ok: false, reason });
export const USED = { outcome: no("wrong_code"), events: ["rejected"] };
export const UNKNOWN = { outcome: no("unknown_session"), events: [] };
