import { beginSetup } from "../../../lib/service/machine/begin-setup.js";
import { EMPTY_STATE, type TotpState } from "../../../lib/service/machine/state.js";
import {
  active,
  backupCodes,
  CONTEXT,
  counted,
  FULL,
  NEW,
  OLD,
  pendingEnrollment,
  pendingSetups,
} from "../../helpers/machine-states.js";
import { codeAt, START, secretNo } from "../../helpers/service.js";

const begin = (state: TotpState, secret: string, seconds = 600) =>
  beginSetup(
    state,
    { enrollment: pendingEnrollment(secret, seconds), proof: "trusted", isAuthorized: true },
    CONTEXT,
  );

const secretsOf = ({ pending }: TotpState) => pending?.enrollments.map(({ secret }) => secret);

test("puts a pending enrollment into an empty state, and reports it", () => {
  expect(begin(EMPTY_STATE, NEW)).toEqual({
    state: { pending: pendingSetups([pendingEnrollment(NEW)]) },
    outcome: { ok: true },
    events: [{ type: "setup_started", expiresAt: new Date(START + 600_000) }],
  });
});

test("leaves everything but what is pending alone", () => {
  const { pending: before, ...rest } = FULL;
  const { pending, ...after } = begin(FULL, secretNo(3)).state;
  expect(after).toEqual(rest);
  expect(pending?.enrollments[0]).toEqual(before?.enrollments[0]);
});

test("keeps three side by side, and replaces the oldest by a fourth", () => {
  let state = EMPTY_STATE;
  for (let i = 1; i <= 5; i++) state = begin(state, secretNo(i)).state;
  expect(secretsOf(state)).toEqual([secretNo(3), secretNo(4), secretNo(5)]);
});

test("drops those that have expired, to the millisecond", () => {
  const enrollments = [0, 0.001, -1].map((seconds, i) => pendingEnrollment(secretNo(i), seconds));
  const { state } = begin({ pending: pendingSetups(enrollments) }, NEW);
  expect(secretsOf(state)).toEqual([secretNo(1), NEW]);
});

test("starts counting wrong codes anew, and expires with the newest setup", () => {
  const before = pendingSetups([pendingEnrollment(OLD, 900)], { wrongCodes: 9 });
  const { pending } = begin({ pending: before }, NEW, 60).state;
  expect(pending).toMatchObject({ wrongCodes: 0, expiresAt: START + 60_000 });
  const empty = pendingSetups([], { wrongCodes: 10 });
  expect(secretsOf(begin({ pending: empty }, NEW).state)).toEqual([NEW]);
});

test("needs a proof while TOTP is on, and uses it up", () => {
  const enrollment = pendingEnrollment(NEW);
  const state = { active, backupCodes, lockout: counted };
  const missing = beginSetup(state, { enrollment, proof: "missing", isAuthorized: true }, CONTEXT);
  expect(missing).toEqual({ state, outcome: { ok: false, reason: "code_required" } });
  const proof = { code: codeAt(OLD, START) };
  const begun = beginSetup(state, { enrollment, proof, isAuthorized: true }, CONTEXT);
  expect(begun.outcome).toEqual({ ok: true });
  expect(begun.events?.map(({ type }) => type)).toEqual(["verified", "setup_started"]);
  const again = beginSetup(begun.state, { enrollment, proof, isAuthorized: true }, CONTEXT);
  expect(again.outcome).toEqual({ ok: false, reason: "wrong_code" });
  expect(secretsOf(again.state)).toEqual([NEW]);
});

test("needs to be authorized while TOTP is off, and only then", () => {
  const input = { enrollment: pendingEnrollment(NEW), isAuthorized: false };
  for (const proof of ["trusted", "missing", { code: codeAt(OLD, START) }] as const) {
    const refused = beginSetup(EMPTY_STATE, { ...input, proof }, CONTEXT);
    expect(refused).toEqual({ state: {}, outcome: { ok: false, reason: "not_authorized" } });
  }
  const proof = { code: codeAt(OLD, START) };
  expect(beginSetup({ active }, { ...input, proof }, CONTEXT).outcome).toEqual({ ok: true });
});
