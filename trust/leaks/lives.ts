// Lives through all faults in a process of its own, whose output nobody but the parent reads.
import express from "express";
import { RETURNED, THROWN } from "../../__tests__/helpers/leaks/faults.js";
import { findLeaks, type LeaksFound, NOTHING_FAILS } from "../../__tests__/helpers/leaks/run.js";
import * as lib from "../../lib/index.js";
import * as pages from "../../lib/pages/index.js";

export interface Lived extends LeaksFound {
  errors: "log" | "hooks";
  lives: number;
}

const loaded = { express, lib, pages };
for (const [errors, faults] of [
  ["log", [NOTHING_FAILS, ...THROWN]],
  ["hooks", [NOTHING_FAILS, ...RETURNED]],
] as const) {
  const found = await findLeaks(loaded, errors, faults);
  process.send?.({ ...found, errors, lives: faults.length } satisfies Lived);
}
process.disconnect?.();
