import { confirm } from "../../../lib/service/machine/confirm.js";
import { EMPTY_STATE, type TotpState } from "../../../lib/service/machine/state.js";
import {
  active,
  backupCodes,
  CONTEXT,
  codes,
  counted,
  FULL,
  locked,
  NEW,
  newCodes,
  OLD,
  PARAMETERS,
  pending,
  pendingEnrollment,
  pendingSetups,
  STEP,
  WRONG,
} from "../../helpers/machine-states.js";
import { codeAt, START, secretNo, threeCodes, wrongCodes } from "../../helpers/service.js";

const RIGHT = codeAt(NEW, START);

const run = (state: TotpState, code: unknown, context = CONTEXT) =>
  confirm(state, { code, backupCodes: newCodes }, context);
const at = (steps: number) => codeAt(NEW, START + steps * 30_000);

test("enables the pending enrollment, and keeps nothing older but the lockout", () => {
  const { state, outcome, events } = run(FULL, RIGHT);
  expect(state).toEqual({
    active: { secret: NEW, ...PARAMETERS, createdAt: START, lastUsedStep: STEP, verifiedAt: START },
    backupCodes: newCodes,
    lockout: counted,
  });
  expect(outcome).toEqual({ ok: true });
  expect(events).toEqual([{ type: "enabled", wasEnabled: true, offset: 0 }]);
});

describe("a write that succeeded, although the store denied it", () => {
  const written = (previous: TotpState, offset = 0) => {
    const { state } = run(previous, at(offset));
    return { state, again: run(state, at(offset), { ...CONTEXT, previous }) };
  };

  test.each([
    [true, FULL],
    [false, { pending }],
  ])("is the outcome again: TOTP was on before: %p", (wasEnabled, previous) => {
    const { state, again } = written(previous);
    expect(again.state).toBe(state);
    expect(again.outcome).toEqual({ ok: true });
    expect(again.events).toEqual([{ type: "enabled", wasEnabled, offset: 0 }]);
  });

  test.each([-1, 1])("with the offset of the code: %i", (offset) => {
    expect(written({ pending }, offset).again.events).toMatchObject([{ offset }]);
  });

  test("is not that of another call, nor one without a previous attempt of its own set", () => {
    const { state } = run({ pending }, RIGHT);
    const other = confirm(state, { code: RIGHT, backupCodes }, CONTEXT);
    expect(other.outcome).toEqual({ ok: false, reason: "already_enabled" });
    const events = run(state, RIGHT).events;
    expect(events).toEqual([{ type: "enabled", wasEnabled: false, offset: 0 }]);
  });
});

test("leaves a lock as it is, and does not need it to end", () => {
  const { state, outcome } = run({ pending, active, lockout: locked }, RIGHT);
  expect(outcome).toEqual({ ok: true });
  expect(state.lockout).toBe(locked);
});

test("enables without backup codes if they are off", () => {
  const { state } = confirm(FULL, { code: RIGHT, backupCodes: undefined }, CONTEXT);
  expect(state.backupCodes).toBeUndefined();
});

test.each([-1, 1])("accepts a code of %i steps away, and remembers that step", (offset) => {
  const { state, outcome, events } = run({ pending }, at(offset));
  expect(state.active?.lastUsedStep).toBe(STEP + offset);
  expect(outcome).toEqual({ ok: true });
  expect(events).toEqual([{ type: "enabled", wasEnabled: false, offset }]);
});

test("accepts the code of the first time step, under a test's clock", () => {
  const { state } = run({ pending }, codeAt(NEW, 0), { ...CONTEXT, now: 0 });
  expect(state.active?.lastUsedStep).toBe(0);
});

test("accepts codes within the window that is configured", () => {
  expect(run({ pending }, at(-2), { ...CONTEXT, window: 2 }).outcome.ok).toBe(true);
  expect(run({ pending }, at(-2), { ...CONTEXT, window: 1 }).outcome.ok).toBe(false);
  expect(run({ pending }, at(-1), { ...CONTEXT, window: 0 }).outcome.ok).toBe(false);
});

test("accepts a code until the last millisecond", () => {
  const last = { pending: pendingSetups([pendingEnrollment(NEW, 0.001)]) };
  expect(run(last, RIGHT).outcome.ok).toBe(true);
});

describe("of several setups", () => {
  const [first, second, third] = [secretNo(11), secretNo(12), secretNo(13)];
  const three = pendingSetups([first, second, third].map((secret) => pendingEnrollment(secret)));

  test.each([first, second, third])("enables the one that the code is of", (secret) => {
    const { state } = run({ pending: three }, codeAt(secret, START));
    expect(state.active?.secret).toBe(secret);
    expect(state.pending).toBeUndefined();
  });

  test("enables the newest of two that have the same code", () => {
    const [one, other, code] = findSharedCode();
    for (const secrets of [
      [one, other],
      [other, one],
    ]) {
      const setups = pendingSetups(secrets.map((secret) => pendingEnrollment(secret)));
      expect(run({ pending: setups }, code).state.active?.secret).toBe(secrets[1]);
    }
  });

  test("enables an older one before it says that the clock of the newest is off", () => {
    const [older, newest, code] = findSharedCode(5);
    const setups = pendingSetups([older, newest].map((secret) => pendingEnrollment(secret)));
    expect(run({ pending: setups }, code).state.active?.secret).toBe(older);
  });

  test("looks at no expired one", () => {
    const enrollments = [pendingEnrollment(first, 0), pendingEnrollment(second, 1)];
    const state = { pending: pendingSetups(enrollments) };
    expect(run(state, codeAt(first, START)).outcome).toEqual({ ok: false, reason: "wrong_code" });
    expect(run(state, codeAt(second, START)).outcome).toEqual({ ok: true });
  });

  test("takes codes of the length of each", () => {
    const eight = { ...pendingEnrollment(first), digits: 8 } as const;
    const state = { pending: pendingSetups([eight, pendingEnrollment(second)]) };
    const code = codeAt(first, START, { digits: 8 });
    expect(run(state, code).state.active?.secret).toBe(first);
    expect(run(state, codeAt(second, START)).state.active?.secret).toBe(second);
    expect(run(state, "1234567").outcome).toMatchObject({ reason: "malformed_code" });
  });
});

/** Two secrets and a code that the first has now and the second so many steps later. */
function findSharedCode(steps = 0): [string, string, string] {
  const now = new Map<string, string>();
  const later = new Map<string, string>();
  for (let number = 100; ; number++) {
    const secret = secretNo(number);
    const code = codeAt(secret, START);
    const laterCode = codeAt(secret, START + steps * 30_000);
    const other = later.get(code);
    if (other) return [secret, other, code];
    const earlier = now.get(laterCode);
    if (earlier) return [earlier, secret, laterCode];
    now.set(code, secret);
    later.set(laterCode, secret);
  }
}

describe("a wrong code", () => {
  test("is counted for the pending setups, and leaves the lockout alone", () => {
    for (const code of [WRONG, codeAt(OLD, START)]) {
      const { state, outcome, events } = run(FULL, code);
      expect(state).toEqual({ ...FULL, pending: { ...pending, wrongCodes: 1 } });
      expect(state.lockout).toBe(counted);
      expect(outcome).toEqual({ ok: false, reason: "wrong_code" });
      expect(events).toEqual([{ type: "rejected", purpose: "confirm", reason: "wrong" }]);
    }
  });

  test("drops all setups if it is the tenth, whatever code it is", () => {
    const [first, second] = [secretNo(11), secretNo(12)];
    const setups = pendingSetups([pendingEnrollment(first), pendingEnrollment(second)]);
    let state: TotpState = { active, pending: setups, lockout: counted };
    const wrong = wrongCodes(9, START, first, second);
    for (const code of wrong) {
      const result = run(state, code);
      expect(result.outcome).toEqual({ ok: false, reason: "wrong_code" });
      state = result.state;
    }
    const last = run(state, codeAt(second, START + 300_000));
    expect(last.outcome).toEqual({ ok: false, reason: "expired" });
    expect(last.events).toMatchObject([{ type: "rejected", reason: "clock_skew" }]);
    expect(last.state).toEqual({
      active,
      pending: { ...setups, enrollments: [], wrongCodes: 10 },
      lockout: counted,
    });
    const later = run(last.state, codeAt(first, START));
    expect(later).toEqual({ state: last.state, outcome: { ok: false, reason: "expired" } });
  });

  test.each([-20, -2, 2, 20])("%i steps off says how far a clock is off", (offset) => {
    const { state, outcome, events } = run({ pending }, at(offset));
    expect(outcome).toEqual({ ok: false, reason: "clock_skew", offsetSeconds: offset * 30 });
    expect(state.pending?.wrongCodes).toBe(1);
    const event = { type: "rejected", purpose: "confirm", reason: "clock_skew", offset };
    expect(events).toEqual([event]);
  });

  test("says it in seconds, whatever the period", () => {
    const minute = { ...pendingEnrollment(NEW), period: 60 };
    const code = codeAt(NEW, START - 300_000, { period: 60 });
    const { outcome } = run({ pending: pendingSetups([minute]) }, code);
    expect(outcome).toMatchObject({ reason: "clock_skew", offsetSeconds: -300 });
  });

  test.each([-21, 21])("%i steps off is only wrong", (offset) => {
    expect(run({ pending }, at(offset)).outcome).toEqual({ ok: false, reason: "wrong_code" });
  });
});

const unchanged: [string, TotpState, unknown, string][] = [
  ["without anything", EMPTY_STATE, WRONG, "nothing_pending"],
  ["with a lockout alone", { lockout: locked }, WRONG, "nothing_pending"],
  ["if TOTP is on and nothing pending", { active, backupCodes }, RIGHT, "already_enabled"],
  [
    "when the setup has expired, to the millisecond",
    { ...FULL, pending: pendingSetups([pendingEnrollment(NEW, 0)]) },
    RIGHT,
    "expired",
  ],
  ["with a longer text", FULL, `${RIGHT}1`, "malformed_code"],
  ["with letters", FULL, "12a456", "malformed_code"],
  ["without a text", FULL, undefined, "malformed_code"],
  ["with a number", FULL, Number(RIGHT), "malformed_code"],
  ["with a backup code", FULL, codes[0], "malformed_code"],
  ["with three codes", FULL, threeCodes(NEW, START), "malformed_code"],
];

test.each(unchanged)("changes nothing %s", (_, state, code, reason) => {
  const result = run(state, code);
  expect(result.state).toBe(state);
  expect(result.outcome).toEqual({ ok: false, reason });
  expect(result.events).toBeUndefined();
});
