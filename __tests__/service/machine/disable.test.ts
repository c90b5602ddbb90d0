import { disable } from "../../../lib/service/machine/disable.js";
import { EMPTY_STATE } from "../../../lib/service/machine/state.js";
import {
  CONTEXT,
  counted,
  FULL,
  locked,
  OLD,
  pending,
  WRONG,
} from "../../helpers/machine-states.js";
import { codeAt, START } from "../../helpers/service.js";

const trusted = { proof: "trusted" } as const;

test("forgets all but how far the weekly allowance is used", () => {
  for (const lockout of [counted, locked]) {
    expect(disable({ ...FULL, lockout }, trusted, CONTEXT)).toEqual({
      state: { lockout: { ...lockout, wrongCodes: 0, lockedUntil: 0 } },
      outcome: { ok: true, wasEnabled: true },
      events: [{ type: "disabled" }],
    });
  }
});

test("forgets everything if the allowance is unused", () => {
  const lockout = { ...counted, allowanceUsedUntil: START };
  expect(disable({ ...FULL, lockout }, trusted, CONTEXT).state).toEqual({});
});

test("drops what is pending while TOTP is off, without an event", () => {
  const result = disable({ pending }, { proof: "missing" }, CONTEXT);
  expect(result).toEqual({ state: {}, outcome: { ok: true, wasEnabled: false }, events: [] });
});

test.each([EMPTY_STATE, { lockout: counted }])("changes nothing if there is nothing", (state) => {
  const result = disable(state, { proof: "missing" }, CONTEXT);
  expect(result.state).toBe(state);
  expect(result.outcome).toEqual({ ok: true, wasEnabled: false });
  expect(result.events).toBeUndefined();
});

test("needs a proof while TOTP is on", () => {
  const missing = disable(FULL, { proof: "missing" }, CONTEXT);
  expect(missing).toEqual({ state: FULL, outcome: { ok: false, reason: "code_required" } });
  const wrong = disable(FULL, { proof: { code: WRONG } }, CONTEXT);
  expect(wrong.outcome).toEqual({ ok: false, reason: "wrong_code" });
  expect(wrong.state.active).toEqual(FULL.active);
  const right = disable(FULL, { proof: { code: codeAt(OLD, START) } }, CONTEXT);
  expect(right.outcome).toEqual({ ok: true, wasEnabled: true });
  expect(right.events?.map(({ type }) => type)).toEqual(["verified", "disabled"]);
});
