import { importEnrollment } from "../../../lib/service/machine/import-enrollment.js";
import { active, CONTEXT, FULL, locked, pending } from "../../helpers/machine-states.js";
import { secretNo } from "../../helpers/service.js";

const imported = { ...active, secret: secretNo(4), lastUsedStep: 0, verifiedAt: 0 };

test("turns TOTP on, drops what is pending and leaves a lock as it is", () => {
  expect(importEnrollment({ pending, lockout: locked }, { active: imported }, CONTEXT)).toEqual({
    state: { active: imported, lockout: locked },
    outcome: { ok: true },
    events: [{ type: "imported" }],
  });
});

test("changes nothing if TOTP is on", () => {
  const { state, outcome, events } = importEnrollment(FULL, { active: imported }, CONTEXT);
  expect(state).toBe(FULL);
  expect(outcome).toEqual({ ok: false, reason: "already_enabled" });
  expect(events).toBeUndefined();
});
