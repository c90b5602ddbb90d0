import type { EngineKind } from "./kind.js";
import { pglite } from "./pglite.js";
import { postgres } from "./postgres.js";

/**
 * PostgreSQL for tests that one session at a time is enough for: if its programs are not on this machine, PGlite
 * takes its place. Under REQUIRE_ALL_TESTS it has to be the real one.
 */
export function anyPostgres(): EngineKind {
  return process.env.REQUIRE_ALL_TESTS || postgres.find() ? postgres : pglite;
}
