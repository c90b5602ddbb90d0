// Of `verify` and of the changes that need a proof: both accept the same codes in the same way.
import { type Context, refuse, type Transition } from "../../../lib/service/machine/operation.js";
import { EMPTY_STATE, type TotpState } from "../../../lib/service/machine/state.js";
import { verify } from "../../../lib/service/machine/verify.js";
import { withProof } from "../../../lib/service/machine/with-proof.js";
import {
  active,
  backupCodes,
  CONTEXT,
  codes,
  counted,
  FULL,
  locked,
  NEW,
  OLD,
  pending,
  STEP,
  WRONG,
} from "../../helpers/machine-states.js";
import { codeAt, START, threeCodes } from "../../helpers/service.js";

const NOW = codeAt(OLD, START);
const at = (steps: number) => codeAt(OLD, START + steps * 30_000);
const UNKNOWN_BACKUP_CODE = "0000-0000-0000-000A";
const [BACKUP_CODE] = codes;

type Check = (state: TotpState, code: string, context?: Context) => Transition<unknown>;
const byVerify: Check = (state, code, context = CONTEXT) =>
  verify(state, { code, purpose: "verify" }, context);
const byProof: Check = (state, code, context = CONTEXT) =>
  withProof(state, { code }, context, (next) => ({ state: next, outcome: { ok: true } }));

describe.each<[string, Check, string]>([
  ["verify", byVerify, "verify"],
  ["a proof", byProof, "step_up"],
])("%s", (_, check, purpose) => {
  const refused = { ok: false, reason: "wrong_code" };

  test("accepts a TOTP code, remembers its step and clears the count, but not the allowance", () => {
    const { state, outcome, events } = check(FULL, NOW);
    expect(state).toEqual({
      ...FULL,
      active: { ...active, lastUsedStep: STEP, verifiedAt: START },
      lockout: { ...counted, wrongCodes: 0 },
    });
    expect(outcome).toMatchObject({ ok: true });
    expect(events).toEqual([
      {
        ...{ type: "verified", purpose, method: "totp", offset: 0 },
        ...{ backupCodesRemaining: 4, wrongCodesBefore: 2 },
      },
    ]);
  });

  test("forgets a lockout whose allowance is unused by now", () => {
    const lockout = { ...counted, allowanceUsedUntil: START };
    expect(check({ ...FULL, lockout }, NOW).state.lockout).toBeUndefined();
  });

  test("accepts a backup code, takes it out and clears the count", () => {
    const { state, outcome, events } = check(FULL, BACKUP_CODE);
    expect(state).toEqual({
      ...FULL,
      active: { ...active, verifiedAt: START },
      backupCodes: { ...backupCodes, hashes: backupCodes.hashes.slice(1) },
      lockout: { ...counted, wrongCodes: 0 },
    });
    expect(outcome).toMatchObject({ ok: true });
    expect(events).toEqual([
      {
        ...{ type: "verified", purpose, method: "backup_code" },
        ...{ backupCodesRemaining: 3, wrongCodesBefore: 2 },
      },
    ]);
  });

  test("reports that backup codes are few at the one that makes them so", () => {
    let state = FULL;
    const low = codes.map((code) => {
      const result = check(state, code);
      state = result.state;
      return result.events?.filter(({ type }) => type === "backup_codes_low");
    });
    const event = { type: "backup_codes_low", backupCodesRemaining: 2 };
    expect(low).toEqual([[], [event], [], []]);
    expect(state.backupCodes?.hashes).toEqual([]);
    expect(check(state, BACKUP_CODE).outcome).toEqual(refused);
  });

  test("accepts three consecutive codes, remembers the last step and clears the count", () => {
    const { state, outcome, events } = check(FULL, threeCodes(OLD, START, -4));
    expect(state).toEqual({
      ...FULL,
      active: { ...active, lastUsedStep: STEP - 4, verifiedAt: START },
      lockout: { ...counted, wrongCodes: 0 },
    });
    expect(outcome).toMatchObject({ ok: true });
    expect(events).toEqual([
      {
        ...{ type: "verified", purpose, method: "three_codes" },
        ...{ offset: -4, clockOffsetSeconds: -120 },
        ...{ backupCodesRemaining: 4, wrongCodesBefore: 2 },
      },
    ]);
  });

  test.each<[string, string]>([
    ["a backup code", BACKUP_CODE],
    ["three codes", threeCodes(OLD, START)],
  ])("lets %s pass a lock, and ends the lock", (_title, code) => {
    const { state, outcome } = check({ ...FULL, lockout: locked }, code);
    expect(outcome).toMatchObject({ ok: true });
    expect(state.lockout).toEqual({ ...locked, wrongCodes: 0, lockedUntil: 0 });
    expect(check(state, at(1)).outcome).toMatchObject({ ok: true });
  });

  test.each([0, -1])("refuses a used code of %i steps off, and does not count it", (offset) => {
    const state = { ...FULL, active: { ...active, lastUsedStep: STEP } };
    const result = check(state, at(offset));
    expect(result.outcome).toEqual(refused);
    expect(result.state).toBe(state);
    expect(result.events).toEqual([{ type: "rejected", purpose, reason: "already_used", offset }]);
  });

  test("accepts the step after the one that was used last", () => {
    const state = { ...FULL, active: { ...active, lastUsedStep: STEP } };
    expect(check(state, at(1)).state.active?.lastUsedStep).toBe(STEP + 1);
  });

  test.each([-20, -2, 2, 20])("recognizes a code %i steps off in the event alone", (offset) => {
    const { state, outcome, events } = check(FULL, at(offset));
    expect(outcome).toEqual(refused);
    expect(state.lockout?.wrongCodes).toBe(3);
    expect(events).toEqual([{ type: "rejected", purpose, reason: "clock_skew", offset }]);
  });

  test.each([-21, 21])("knows nothing of a code %i steps off", (offset) => {
    expect(check(FULL, at(offset)).events).toEqual([
      { type: "rejected", purpose, reason: "wrong" },
    ]);
  });

  test("accepts codes within the window that is configured", () => {
    expect(check(FULL, at(2), { ...CONTEXT, window: 2 }).outcome).toMatchObject({ ok: true });
    expect(check(FULL, at(1), { ...CONTEXT, window: 0 }).outcome).toEqual(refused);
  });

  test.each([
    ["a wrong TOTP code", WRONG],
    ["a code of the pending secret", codeAt(NEW, START)],
  ])("counts %s", (_title, code) => {
    const { state, outcome } = check({ ...FULL, lockout: undefined }, code);
    expect(outcome).toEqual(refused);
    const allowanceUsedUntil = START + 604_800_000 / 20;
    expect(state).toEqual({
      ...FULL,
      lockout: { wrongCodes: 1, lockedUntil: 0, allowanceUsedUntil, reportedAt: 0 },
    });
  });

  test.each<[string, string, TotpState]>([
    ["an unknown backup code", UNKNOWN_BACKUP_CODE, FULL],
    ["a backup code if there is no set", BACKUP_CODE, { active }],
    ["an unknown backup code during a lock", UNKNOWN_BACKUP_CODE, { active, lockout: locked }],
    ["three wrong codes", `${WRONG}${WRONG}${WRONG}`, FULL],
    ["three wrong codes during a lock", `${WRONG}${WRONG}${WRONG}`, { active, lockout: locked }],
  ])("refuses %s, and does not count it", (_title, code, state) => {
    const result = check(state, code);
    expect(result.outcome).toEqual(refused);
    expect(result.state).toBe(state);
    expect(result.events).toEqual([{ type: "rejected", purpose, reason: "wrong" }]);
  });

  test("locks at the fifth wrong code in a row, and reports until when", () => {
    const lockout = { ...counted, wrongCodes: 4 };
    const { state, outcome, events } = check({ ...FULL, lockout }, WRONG);
    expect(outcome).toEqual(refused);
    expect(state.lockout).toMatchObject({ wrongCodes: 5, lockedUntil: START + 900_000 });
    expect(events?.slice(1)).toEqual([
      { type: "locked", purpose, until: new Date(START + 900_000) },
    ]);
  });

  test.each([
    ["right", NOW],
    ["wrong", WRONG],
  ])("looks at no %s single code during a lock, and reports it once a minute", (_title, code) => {
    const state = { ...FULL, lockout: locked };
    const result = check(state, code);
    expect(result.outcome).toEqual({ ok: false, reason: "locked", retryAfterSeconds: 2 });
    expect(result.state).toEqual({ ...FULL, lockout: { ...locked, reportedAt: START } });
    const until = new Date(START + 1500);
    expect(result.events).toEqual([{ type: "refused_while_locked", purpose, until }]);

    for (const now of [START, START + 1000]) {
      const again = check(result.state, code, { ...CONTEXT, now });
      expect(again.state).toBe(result.state);
      expect(again.outcome).toMatchObject({ reason: "locked" });
      expect(again.events).toBeUndefined();
    }
    const longer = { ...locked, lockedUntil: START + 900_000, reportedAt: START };
    const later = { ...CONTEXT, now: START + 60_000 };
    expect(check({ ...FULL, lockout: longer }, code, later).events).toHaveLength(1);
    // A clock that was set back must not silence the reports for as long as it was set back.
    const ahead = { ...longer, reportedAt: START + 60_000 };
    expect(check({ ...FULL, lockout: ahead }, code).events).toHaveLength(1);
  });

  test.each(["", "12345", "1234567", "abc", "000U-0000-0000-0000"])(
    "refuses %j at once",
    (code) => {
      const result = check(FULL, code);
      expect(result.state).toBe(FULL);
      expect(result.outcome).toEqual({ ok: false, reason: "malformed_code" });
      expect(result.events).toBeUndefined();
    },
  );
});

describe("verify", () => {
  test("says how far a clock is off after three codes, and nothing of it after another code", () => {
    const accepted = { ok: true, backupCodesRemaining: 4 };
    expect(byVerify(FULL, threeCodes(OLD, START, -4)).outcome).toStrictEqual({
      ...accepted,
      method: "three_codes",
      clockOffsetSeconds: -120,
    });
    expect(byVerify(FULL, NOW).outcome).toStrictEqual({ ...accepted, method: "totp" });
  });

  test("reports few backup codes when one is used, and not with each TOTP code after it", () => {
    const state = { ...FULL, backupCodes: { ...backupCodes, hashes: backupCodes.hashes.slice(2) } };
    expect(byVerify(state, NOW).events?.map(({ type }) => type)).toEqual(["verified"]);
  });

  test("refuses everybody whose TOTP is off", () => {
    for (const state of [EMPTY_STATE, { pending }, { pending, lockout: locked }]) {
      const result = byVerify(state, codeAt(NEW, START));
      expect(result).toEqual(refuse(state, "not_enabled"));
      expect(result.state).toBe(state);
    }
  });
});

describe("a change that needs a proof", () => {
  const change = (state: TotpState): Transition<{ ok: true }> => ({
    state: { ...state, backupCodes: undefined },
    outcome: { ok: true },
    events: [{ type: "backup_codes_regenerated" }],
  });

  test.each<[string, TotpState, "trusted" | "missing" | { code: string }]>([
    ["without a proof while TOTP is off", { pending }, "missing"],
    ["with any code while TOTP is off", { pending, backupCodes }, { code: WRONG }],
    ["if the app vouches for it", FULL, "trusted"],
    ["if the app vouches for it during a lock", { ...FULL, lockout: locked }, "trusted"],
  ])("is made %s, and nothing is counted", (_, state, proof) => {
    expect(withProof(state, proof, CONTEXT, change)).toEqual(change(state));
  });

  test("is not made without a proof while TOTP is on", () => {
    const result = withProof(FULL, "missing", CONTEXT, change);
    expect(result.state).toBe(FULL);
    expect(result).toEqual({ state: FULL, outcome: { ok: false, reason: "code_required" } });
  });

  test("is made in one transition with its code, whose event comes first", () => {
    const { state, events } = withProof(FULL, { code: NOW }, CONTEXT, change);
    expect(state.active?.lastUsedStep).toBe(STEP);
    expect(state.backupCodes).toBeUndefined();
    expect(events?.map(({ type }) => type)).toEqual(["verified", "backup_codes_regenerated"]);
  });

  test("is not made with a wrong code, which is counted", () => {
    const { state, outcome } = withProof(FULL, { code: WRONG }, CONTEXT, change);
    expect(outcome).toEqual({ ok: false, reason: "wrong_code" });
    expect(state).toEqual({ ...FULL, lockout: expect.objectContaining({ wrongCodes: 3 }) });
  });
});
