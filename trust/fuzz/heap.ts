// Whether a server keeps something of every request: its heap is measured again and again while it is fuzzed.
import type { Measured } from "./server.js";

export interface Measurement extends Measured {
  /** How many requests the server has had. */
  requests: number;
}

/** The heap is measured after each quarter of the requests. Before the second one, Node still compiles a lot. */
export const QUARTERS = 4;
/**
 * A heap that grows more than this in both of the last two quarters is suspect: something may be kept of every request,
 * or Node compiles code for requests that come seldom.
 */
const SUSPECT_BYTES = 250_000;
/** How many quarters follow for a suspect heap. */
const MORE_QUARTERS = 6;

/** Whether to send another quarter, and measure again. */
export function isUndecided(measured: readonly Measurement[]): boolean {
  const [, second, third, fourth] = measured;
  if (!second || !third || !fourth) return true;
  const grew = (from: Measured, to: Measured) => to.heapBytes - from.heapBytes > SUSPECT_BYTES;
  const isSuspect = grew(second, third) && grew(third, fourth);
  return isSuspect && measured.length < QUARTERS + MORE_QUARTERS;
}

/** By how many bytes with each request the heap of a suspect grew in the quarters that it was given. */
export function growthOf(measured: readonly Measurement[]): number {
  const [from, to] = [measured[QUARTERS - 1], measured[QUARTERS + MORE_QUARTERS - 1]];
  return from && to ? (to.heapBytes - from.heapBytes) / (to.requests - from.requests) : 0;
}
