import type { PresentedCode } from "../../lib/service/check-code.js";
import {
  confirm,
  disable,
  importActive,
  replaceBackupCodes,
  savePending,
  stepUp,
  unlock,
  verify,
} from "../../lib/service/machine.js";
import type { Refused } from "../../lib/service/outcomes.js";
import { EMPTY_STATE, type TotpState } from "../../lib/service/state.js";
import type { Accepted, Context, Gate, Transition } from "../../lib/service/transition.js";
import { codeAt, START, secretNo, wrongCode } from "../helpers/service.js";

const [OLD, NEW] = [secretNo(1), secretNo(2)];
const PARAMETERS = { algorithm: "SHA1", digits: 6, period: 30 } as const;
const STEP = Math.floor(START / 30_000);

const CONTEXT: Context = {
  now: START,
  window: 1,
  skewSteps: 10,
  attempts: { limit: 3, lockSeconds: 60, maxLockSeconds: 240 },
};

const pending = { secret: NEW, ...PARAMETERS, expiresAt: START + 600_000 };
const active = {
  secret: OLD,
  ...PARAMETERS,
  createdAt: START - 9_000_000,
  lastUsedStep: STEP - 300,
  verifiedAt: START - 9_000_000,
};
const backupCodes = { salt: "c2FsdA", cost: 1024, hashes: ["hash 1", "hash 2"] };
const newCodes = { salt: "bmV3", cost: 1024, hashes: ["hash 3"] };
const attempts = { failures: 2, locks: 1, lockedUntil: START - 1 };
const locked = { failures: 0, locks: 1, lockedUntil: START + 1500 };
const FULL: TotpState = { pending, active, backupCodes, attempts };

const WRONG = wrongCode(START, OLD, NEW);
const NOW = codeAt(OLD, START);

/** Freezes what goes in, so that a transition that changes its state in place fails. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
[FULL, CONTEXT, locked, newCodes].forEach(deepFreeze);

const totp = (code: string): PresentedCode => ({ totp: code });
const backup = (hash: string): PresentedCode => ({ backupHash: hash });

describe("savePending", () => {
  test("puts a pending enrollment in, and in the place of an earlier one", () => {
    const other = { ...pending, secret: secretNo(3) };
    expect(savePending(EMPTY_STATE, pending)).toEqual({
      state: { pending },
      outcome: { ok: true },
    });
    expect(savePending(FULL, other).state).toEqual({ ...FULL, pending: other });
  });

  test("leaves what is active, the backup codes and the counted failures alone", () => {
    const { state } = savePending({ active, backupCodes, attempts: locked }, pending);
    expect(state).toEqual({ pending, active, backupCodes, attempts: locked });
  });
});

describe("confirm", () => {
  const rightCode = codeAt(NEW, START);

  test("turns the pending enrollment into the active one, and forgets everything older", () => {
    const { state, outcome } = confirm(FULL, rightCode, newCodes, CONTEXT);
    expect(state).toEqual({
      active: {
        secret: NEW,
        ...PARAMETERS,
        createdAt: START,
        lastUsedStep: STEP,
        verifiedAt: START,
      },
      backupCodes: newCodes,
    });
    expect(outcome).toEqual({
      ok: true,
      match: { method: "totp", step: STEP, offset: 0 },
      backupCodesRemaining: 1,
    });
  });

  test.each([-1, 1])("accepts a code of %i steps away, and remembers that step", (offset) => {
    const code = codeAt(NEW, START + offset * 30_000);
    const { state, outcome } = confirm({ pending }, code, newCodes, CONTEXT);
    expect(state.active?.lastUsedStep).toBe(STEP + offset);
    expect(outcome).toMatchObject({ ok: true, match: { offset } });
  });

  test("accepts a code of another window, where that is configured", () => {
    const code = codeAt(NEW, START - 90_000);
    expect(confirm({ pending }, code, newCodes, { ...CONTEXT, window: 3 }).outcome.ok).toBe(true);
    expect(confirm({ pending }, code, newCodes, { ...CONTEXT, window: 2 }).outcome.ok).toBe(false);
    const before = codeAt(NEW, START - 30_000);
    expect(confirm({ pending }, before, newCodes, { ...CONTEXT, window: 0 }).outcome.ok).toBe(
      false,
    );
  });

  test("counts a wrong code, and a code of the active secret is one", () => {
    for (const code of [WRONG, NOW]) {
      const { state, outcome } = confirm({ ...FULL, attempts: undefined }, code, newCodes, CONTEXT);
      expect(state).toEqual({ ...FULL, attempts: { failures: 1, locks: 0, lockedUntil: 0 } });
      expect(outcome).toEqual({ ok: false, reason: "wrong_code", miss: { reason: "wrong" } });
    }
  });

  test("tells where a wrong code is the one that locks", () => {
    const { state, outcome } = confirm(FULL, WRONG, newCodes, CONTEXT);
    const lockedUntil = START + 120_000;
    expect(state).toEqual({ ...FULL, attempts: { failures: 0, locks: 2, lockedUntil } });
    expect(outcome).toMatchObject({ reason: "wrong_code", lockedUntil });
  });

  const unchanged: [string, TotpState, unknown, object][] = [
    ["without a pending enrollment", { active, backupCodes }, NOW, { reason: "nothing_pending" }],
    ["without anything", EMPTY_STATE, WRONG, { reason: "nothing_pending" }],
    [
      "when the setup has expired, to the millisecond",
      { ...FULL, pending: { ...pending, expiresAt: START } },
      rightCode,
      { reason: "expired" },
    ],
    [
      "while locked, also with the right code",
      { ...FULL, attempts: locked },
      rightCode,
      { reason: "locked", retryAfterSeconds: 2 },
    ],
    ["with a text that is no code", FULL, `${rightCode}1`, { reason: "malformed_code" }],
    ["with letters", FULL, "12a456", { reason: "malformed_code" }],
    ["with no text", FULL, undefined, { reason: "malformed_code" }],
    ["with a number", FULL, Number(rightCode), { reason: "malformed_code" }],
    ["with a backup code", FULL, "00000-00000", { reason: "malformed_code" }],
  ];

  test.each(unchanged)("changes nothing %s", (_, state, code, refusal) => {
    const result = confirm(state, code, newCodes, CONTEXT);
    expect(result.state).toBe(state);
    expect(result.outcome).toEqual({ ok: false, ...refusal });
  });

  test("accepts until the very last millisecond", () => {
    const state = { pending: { ...pending, expiresAt: START + 1 } };
    expect(confirm(state, rightCode, newCodes, CONTEXT).outcome.ok).toBe(true);
  });
});

type Check = (
  state: TotpState,
  presented: PresentedCode,
  context: Context,
) => Transition<Exclude<Gate, { ok: true }> | Accepted | Refused<"not_enabled">>;

const checkByStepUp: Check = (state, presented, context) => {
  const { state: next, outcome } = stepUp(state, presented, context);
  if (!outcome.ok) return { state: next, outcome };
  if (!outcome.accepted) throw new Error("passed without a code");
  return { state: next, outcome: outcome.accepted };
};

describe.each<[string, Check]>([
  ["verify", verify],
  ["stepUp", checkByStepUp],
])("%s", (_, check) => {
  test("accepts a TOTP code, remembers its step and clears the failures", () => {
    const { state, outcome } = check(FULL, totp(NOW), CONTEXT);
    expect(state).toEqual({
      pending,
      active: { ...active, lastUsedStep: STEP, verifiedAt: START },
      backupCodes,
    });
    const match = { method: "totp", step: STEP, offset: 0 };
    expect(outcome).toEqual({ ok: true, match, backupCodesRemaining: 2 });
  });

  test("accepts a backup code, takes it out and clears the failures", () => {
    const { state, outcome } = check(FULL, backup("hash 1"), CONTEXT);
    const rest = { ...backupCodes, hashes: ["hash 2"] };
    expect(state).toEqual({
      pending,
      active: { ...active, verifiedAt: START },
      backupCodes: rest,
    });
    const match = { method: "backup_code", rest };
    expect(outcome).toEqual({ ok: true, match, backupCodesRemaining: 1 });
  });

  test("accepts the last backup code, and then none", () => {
    const last = { ...FULL, backupCodes: { ...backupCodes, hashes: ["hash 1"] } };
    const { state, outcome } = check(last, backup("hash 1"), CONTEXT);
    expect(outcome).toMatchObject({ ok: true, backupCodesRemaining: 0 });
    expect(state.active).toBeDefined();
    expect(check(state, backup("hash 1"), CONTEXT).outcome).toMatchObject({ ok: false });
  });

  test.each([
    ["of the step that was used last", 0, "already_used"],
    ["of the step before", -1, "already_used"],
  ])("refuses a code %s", (_title, offset, reason) => {
    const state = { ...FULL, active: { ...active, lastUsedStep: STEP } };
    const code = codeAt(OLD, START + offset * 30_000);
    const result = check(state, totp(code), CONTEXT);
    expect(result.outcome).toMatchObject({ reason: "wrong_code", miss: { reason, offset } });
    expect(result.state.attempts).toMatchObject({ locks: 2 });
  });

  test("accepts the step after the one that was used last", () => {
    const state = { ...FULL, active: { ...active, lastUsedStep: STEP } };
    const result = check(state, totp(codeAt(OLD, START + 30_000)), CONTEXT);
    expect(result.state.active?.lastUsedStep).toBe(STEP + 1);
  });

  test.each([-10, -2, 2, 10])("a code %i steps away is wrong, and told apart", (offset) => {
    const { outcome } = check(FULL, totp(codeAt(OLD, START + offset * 30_000)), CONTEXT);
    const miss = { reason: "clock_skew", offset };
    expect(outcome).toMatchObject({ ok: false, reason: "wrong_code", miss });
  });

  test.each([-11, 11])("a code %i steps away is only wrong", (offset) => {
    const { outcome } = check(FULL, totp(codeAt(OLD, START + offset * 30_000)), CONTEXT);
    expect(outcome).toMatchObject({ ok: false, miss: { reason: "wrong" } });
  });

  test("a code within the window is no matter of the clock, however wide the window", () => {
    const code = totp(codeAt(OLD, START + 300_000));
    expect(check(FULL, code, { ...CONTEXT, window: 10 }).outcome.ok).toBe(true);
    const { outcome } = check(FULL, code, { ...CONTEXT, skewSteps: 0 });
    expect(outcome).toMatchObject({ ok: false, miss: { reason: "wrong" } });
  });

  test.each<[string, PresentedCode]>([
    ["a wrong TOTP code", totp(WRONG)],
    ["a code of the pending secret", totp(codeAt(NEW, START))],
    ["an unknown backup code", backup("hash 3")],
    ["a backup code's text where there was no set to hash it with", {}],
  ])("counts %s", (_title, presented) => {
    const { state, outcome } = check({ ...FULL, attempts: undefined }, presented, CONTEXT);
    expect(outcome).toMatchObject({ ok: false, reason: "wrong_code" });
    expect(state).toEqual({ ...FULL, attempts: { failures: 1, locks: 0, lockedUntil: 0 } });
  });

  test("knows no backup code without a set", () => {
    const { outcome } = check({ active }, backup("hash 1"), CONTEXT);
    expect(outcome).toMatchObject({ ok: false, reason: "wrong_code" });
  });

  test.each<[string, PresentedCode]>([
    ["right", totp(NOW)],
    ["wrong", totp(WRONG)],
    ["backup", backup("hash 1")],
  ])("looks at no %s code while locked", (_title, presented) => {
    const state = { ...FULL, attempts: locked };
    const result = check(state, presented, CONTEXT);
    expect(result.state).toBe(state);
    expect(result.outcome).toEqual({ ok: false, reason: "locked", retryAfterSeconds: 2 });
  });

  test("a state that nobody should have written, without a secret, accepts no code", () => {
    for (const secret of ["", "A", "aaaa", "!"]) {
      const state = { ...FULL, active: { ...active, secret } };
      for (const code of ["000000", "328482", NOW]) {
        expect(check(state, totp(code), CONTEXT).outcome.ok).toBe(false);
      }
    }
  });
});

describe("verify", () => {
  test("does nothing where TOTP is off", () => {
    for (const state of [EMPTY_STATE, { pending }, { pending, backupCodes }]) {
      const result = verify(state, totp(codeAt(NEW, START)), CONTEXT);
      expect(result.state).toBe(state);
      expect(result.outcome).toEqual({ ok: false, reason: "not_enabled" });
    }
  });

  test("a text that is no code costs no attempt", () => {
    const result = verify(FULL, undefined, CONTEXT);
    expect(result.state).toBe(FULL);
    expect(result.outcome).toEqual({ ok: false, reason: "malformed_code" });
  });
});

describe("stepUp", () => {
  test("passes, with nothing changed, where TOTP is off or somebody vouches", () => {
    for (const [state, proof] of [
      [{ pending }, "missing"],
      [{ pending }, "malformed"],
      [{ pending }, totp(WRONG)],
      [EMPTY_STATE, "missing"],
      [FULL, "vouched"],
      [{ ...FULL, attempts: locked }, "vouched"],
    ] as const) {
      const result = stepUp(state, proof, CONTEXT);
      expect(result).toEqual({ state, outcome: { ok: true } });
      expect(result.state).toBe(state);
    }
  });

  test("stops, with nothing changed, without a code or with a text that is none", () => {
    for (const [proof, reason] of [
      ["missing", "code_required"],
      ["malformed", "malformed_code"],
    ] as const) {
      const result = stepUp(FULL, proof, CONTEXT);
      expect(result.state).toBe(FULL);
      expect(result.outcome).toEqual({ ok: false, reason });
    }
  });
});

describe("importActive", () => {
  const imported = { ...active, secret: secretNo(4), lastUsedStep: 0, verifiedAt: 0 };

  test("turns TOTP on, drops what is pending and leaves a lock as it is", () => {
    const { state, outcome } = importActive({ pending, attempts: locked }, imported);
    expect(state).toEqual({ active: imported, attempts: locked });
    expect(outcome).toEqual({ ok: true });
  });

  test("changes nothing where TOTP is on", () => {
    const { state, outcome } = importActive(FULL, imported);
    expect(state).toBe(FULL);
    expect(outcome).toEqual({ ok: false, reason: "already_enabled" });
  });
});

test("disable forgets everything", () => {
  expect(disable(FULL)).toEqual({ state: EMPTY_STATE, outcome: { ok: true, wasEnabled: true } });
  expect(disable({ pending }).outcome).toEqual({ ok: true, wasEnabled: false });
  expect(disable(EMPTY_STATE).state).toBe(EMPTY_STATE);
});

test("replaceBackupCodes replaces them all, and only where TOTP is on", () => {
  expect(replaceBackupCodes(FULL, newCodes)).toEqual({
    state: { ...FULL, backupCodes: newCodes },
    outcome: { ok: true },
  });
  const off = { pending };
  expect(replaceBackupCodes(off, newCodes).state).toBe(off);
  expect(replaceBackupCodes(off, newCodes).outcome).toEqual({ ok: false, reason: "not_enabled" });
});

test("unlock ends a lock, forgives failures and starts over with the short locks", () => {
  for (const each of [attempts, locked]) {
    const { state, outcome } = unlock({ ...FULL, attempts: each });
    expect(state).toEqual({ pending, active, backupCodes });
    expect(outcome).toEqual({ ok: true, wasLocked: true });
  }
  const quiet = { active };
  expect(unlock(quiet)).toEqual({ state: quiet, outcome: { ok: true, wasLocked: false } });
  expect(unlock(quiet).state).toBe(quiet);
});
