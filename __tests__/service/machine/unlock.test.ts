import { unlock } from "../../../lib/service/machine/unlock.js";
import { CONTEXT, counted, FULL, locked } from "../../helpers/machine-states.js";
import { START } from "../../helpers/service.js";

test.each([
  counted,
  locked,
  { ...counted, allowanceUsedUntil: START },
  { ...counted, wrongCodes: 0 },
])("ends a lock, forgives wrong codes and refills the allowance", (lockout) => {
  const { lockout: _, ...rest } = FULL;
  expect(unlock({ ...FULL, lockout }, undefined, CONTEXT)).toEqual({
    state: rest,
    outcome: { ok: true, changed: true },
    events: [{ type: "unlocked" }],
  });
});

test("changes nothing if there is nothing to forgive", () => {
  const { lockout: _, ...state } = FULL;
  const result = unlock(state, undefined, CONTEXT);
  expect(result).toEqual({ state, outcome: { ok: true, changed: false } });
  expect(result.state).toBe(state);
});

test("forgets a lockout that is over without an event", () => {
  const over = { ...counted, wrongCodes: 0, allowanceUsedUntil: CONTEXT.now };
  const result = unlock({ ...FULL, lockout: over }, undefined, CONTEXT);
  expect(result.state).not.toHaveProperty("lockout");
  expect(result.outcome).toEqual({ ok: true, changed: false });
  expect(result.events).toEqual([]);
});
