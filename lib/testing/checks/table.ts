import { BASICS } from "./basics.js";
import type { Check } from "./check.js";
import { ENABLED } from "./enabled.js";
import { EXPIRY } from "./expiry.js";
import { RACES } from "./races.js";
import { RENEWED_EXPIRY } from "./renewed-expiry.js";
import { RESULTS } from "./results.js";
import { USER_IDS } from "./user-ids.js";
import { VALUES } from "./values.js";

/** All requirements of a store, the simplest first: one fault often makes later checks fail too. */
export const CHECKS: readonly Check[] = [
  ...RESULTS,
  ...BASICS,
  ...VALUES,
  ...USER_IDS,
  ...RACES,
  ...ENABLED,
  ...EXPIRY,
  ...RENEWED_EXPIRY,
];
