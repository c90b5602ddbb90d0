import { completeLogin } from "../../../lib/service/machine/complete-login.js";
import {
  active,
  backupCodes,
  CONTEXT,
  FULL,
  logins,
  NEW,
  newCodes,
  OLD,
  pending,
  WRONG,
} from "../../helpers/machine-states.js";
import { codeAt, START } from "../../helpers/service.js";

const [{ hash }] = logins as [(typeof logins)[number]];
const NOW = codeAt(OLD, START);
const complete = (state: typeof FULL, code: string, given = hash) =>
  completeLogin(state, { hash: given, code, backupCodes: newCodes }, CONTEXT);

test("uses its session up, and no other", () => {
  const other = { hash: "b3RoZXI", expiresAt: START + 1, mustEnroll: false };
  const { state, outcome } = complete({ active, backupCodes, logins: [...logins, other] }, NOW);
  expect(outcome).toStrictEqual({
    ok: true,
    method: "totp",
    backupCodesRemaining: 4,
    hasEnrolled: false,
  });
  expect(state.logins).toEqual([other]);
});

test("leaves its session to a code that is refused", () => {
  const { state, outcome, events } = complete(FULL, WRONG);
  expect(outcome).toEqual({ ok: false, reason: "wrong_code" });
  expect(state.logins).toEqual(logins);
  expect(events).toEqual([{ type: "rejected", purpose: "login", reason: "wrong" }]);
});

test.each([
  ["none has this hash", "b3RoZXI", START + 1],
  ["it has expired", hash, START],
])("refuses if %s, and looks at no code", (_, given, expiresAt) => {
  const state = { ...FULL, logins: [{ hash, expiresAt, mustEnroll: false }] };
  const result = complete(state, NOW, given);
  expect(result).toEqual({ state, outcome: { ok: false, reason: "unknown_session" } });
  expect(result.state).toBe(state);
});

test("refuses a session that admits to no setup while TOTP is off", () => {
  const state = { pending, logins };
  const result = complete(state, codeAt(NEW, START));
  expect(result).toEqual({ state, outcome: { ok: false, reason: "not_enabled" } });
});

test("confirms the setup of a session that must enroll", () => {
  const state = { pending, logins: [{ hash, expiresAt: START + 1, mustEnroll: true }] };
  expect(complete(state, WRONG).outcome).toEqual({ ok: false, reason: "wrong_code" });
  const { outcome, state: next } = complete(state, codeAt(NEW, START));
  expect(outcome).toStrictEqual({
    ok: true,
    method: "totp",
    backupCodesRemaining: 2,
    hasEnrolled: true,
  });
  expect(next.active?.secret).toBe(NEW);
  const withoutBackupCodes = { hash, code: codeAt(NEW, START), backupCodes: undefined };
  expect(completeLogin(state, withoutBackupCodes, CONTEXT).outcome).toMatchObject({
    ok: true,
    backupCodesRemaining: 0,
  });
  expect(next.logins).toBeUndefined();
});

test("a login that has enrolled, although the store denied it, is the outcome again", () => {
  const waiting = { pending, logins: [{ ...logins[0], hash, mustEnroll: true }] } as typeof FULL;
  const input = { hash, code: codeAt(NEW, START), backupCodes: newCodes };
  const first = completeLogin(waiting, input, CONTEXT);
  expect(first.outcome).toMatchObject({ ok: true, hasEnrolled: true });
  const context = { ...CONTEXT, previous: waiting };
  const again = completeLogin(first.state, { ...input, triedBackupCodes: newCodes }, context);
  expect(again).toMatchObject({ state: first.state, outcome: first.outcome, events: first.events });
  const another = completeLogin(first.state, input, context);
  expect(another.outcome).toEqual({ ok: false, reason: "unknown_session" });
});
