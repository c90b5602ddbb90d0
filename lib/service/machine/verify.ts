import type { CodeRefused, Refused } from "../refusals.js";
import { type Accepted, type Attempt, acceptCode, hasActive } from "./accept-code.js";
import { type Operation, refuse } from "./operation.js";

/** Verifies a code of an enabled enrollment. */
export const verify: Operation<Attempt, Accepted | CodeRefused | Refused<"not_enabled">> = (
  state,
  attempt,
  context,
) => (hasActive(state) ? acceptCode(state, attempt, context) : refuse(state, "not_enabled"));
