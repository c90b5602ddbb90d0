import type { Refused } from "../refusals.js";
import { type Operation, refuse } from "./operation.js";
import type { ActiveEnrollment } from "./state.js";

interface Input {
  active: ActiveEnrollment;
}

/** Enables an enrollment that was confirmed elsewhere. Removes pending ones, which began without a code. */
export const importEnrollment: Operation<Input, { ok: true } | Refused<"already_enabled">> = (
  state,
  { active },
) =>
  state.active
    ? refuse(state, "already_enabled")
    : {
        state: { active, lockout: state.lockout },
        outcome: { ok: true },
        events: [{ type: "imported" }],
      };
