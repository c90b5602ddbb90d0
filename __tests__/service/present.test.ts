// Hashing is the dearest thing that a request can cause, so it is done for as few as possible.
import { hashBackupCode } from "../../lib/service/backup-codes.js";
import { createPresenter } from "../../lib/service/present.js";
import type { TotpState } from "../../lib/service/state.js";
import {
  begin,
  codeAt,
  createRig,
  enroll,
  lock,
  START,
  secretNo,
  wrongCode,
} from "../helpers/service.js";
import { countHashes } from "../helpers/service-hashes.js";

const enrollment = { secret: secretNo(1), algorithm: "SHA1", digits: 6, period: 30 } as const;
const active = { ...enrollment, createdAt: 0, lastUsedStep: 0, verifiedAt: 0 };
const backupCodes = { salt: "c2FsdA", cost: 1024, hashes: ["hash"] };
const state: TotpState = { active, backupCodes };

test("a TOTP code is brought to its digits, as many as the enrollment has", async () => {
  expect(await createPresenter(" 12 34\u00a056\n")(state, START)).toEqual({ totp: "123456" });
  const eight = { ...state, active: { ...active, digits: 8 as const } };
  expect(await createPresenter("1234 5678")(eight, START)).toEqual({ totp: "12345678" });
  expect(await createPresenter("123456")(eight, START)).toBeUndefined();
  expect(await createPresenter("12345678")(state, START)).toBeUndefined();
});

test("a backup code is hashed with the salt and the cost of the set, in its normal form", async () => {
  const expected = await hashBackupCode("0123456789", backupCodes);
  for (const typed of ["01234-56789", "o1234 56789", "OI23456789"]) {
    expect(await createPresenter(typed)(state, START)).toEqual({ backupHash: expected });
  }
  const other = { ...backupCodes, salt: "b3RoZXI" };
  const hash = await hashBackupCode("0123456789", other);
  const presented = await createPresenter("0123456789")({ active, backupCodes: other }, START);
  expect(presented).toEqual({ backupHash: hash });
  expect(hash).not.toBe(expected);
});

test.each([
  "",
  "12345",
  "abc",
  "0123456789U",
  "01234_56789",
  "x".repeat(1000),
  undefined,
  null,
  123_456,
  {},
])("%p is no code", async (code) => {
  const work = async () => expect(await createPresenter(code)(state, START)).toBeUndefined();
  expect(await countHashes(work)).toBe(0);
});

test("nothing is a code where TOTP is off", async () => {
  const work = async () => {
    for (const code of ["123456", "01234-56789"]) {
      expect(await createPresenter(code)({ backupCodes }, START)).toBeUndefined();
    }
  };
  expect(await countHashes(work)).toBe(0);
});

test("a code is hashed once a set, however often a write is tried", async () => {
  const present = createPresenter("01234-56789");
  const work = async () => {
    for (let i = 0; i < 5; i++) await present(state, START);
  };
  expect(await countHashes(work)).toBe(1);
  const renewed = { active, backupCodes: { ...backupCodes, salt: "b3RoZXI" } };
  const backupHash = await hashBackupCode("0123456789", renewed.backupCodes);
  expect(await present(renewed, START)).toEqual({ backupHash });
});

test("a locked user's codes cost no hash, nor those of a user without backup codes", async () => {
  const attempts = { failures: 0, locks: 1, lockedUntil: START + 1 };
  const work = async () => {
    const present = createPresenter("01234-56789");
    expect(await present({ ...state, attempts }, START)).toEqual({});
    expect(await present({ active }, START)).toEqual({});
  };
  expect(await countHashes(work)).toBe(0);
  expect(
    await countHashes(() => createPresenter("01234-56789")({ ...state, attempts }, START + 1)),
  ).toBe(1);
});

test("through a service, only a right first code and what looks like a backup code cost hashes", async () => {
  const rig = createRig();
  const { totp, clock } = rig;
  const secret = await begin(rig, "ada");
  const hashes = (work: () => Promise<unknown>) => countHashes(work);
  expect(await hashes(() => totp.confirm("ada", wrongCode(clock.time, secret)))).toBe(0);
  expect(await hashes(() => totp.confirm("ada", codeAt(secret, clock.time)))).toBe(3);
  clock.advance(30);
  expect(await hashes(() => totp.verify("ada", codeAt(secret, clock.time)))).toBe(0);
  expect(await hashes(() => totp.verify("ada", wrongCode(clock.time, secret)))).toBe(0);
  expect(await hashes(() => totp.verify("ada", "00000-00000"))).toBe(1);
  expect(await hashes(() => totp.regenerateBackupCodes("ada", {}))).toBe(0);
  expect(await hashes(() => totp.regenerateBackupCodes("ada", { code: "000000" }))).toBe(0);
  expect(await hashes(() => totp.regenerateBackupCodes("eve"))).toBe(0);
  expect(await hashes(() => totp.regenerateBackupCodes("ada"))).toBe(3);
});

test("a locked user's guesses at backup codes cost nothing", async () => {
  const rig = createRig();
  const { secret, backupCodes: codes } = await enroll(rig, "ada");
  await lock(rig, "ada", secret);
  const work = async () => {
    for (const code of ["00000-00000", String(codes[0])]) {
      expect(await rig.totp.verify("ada", code)).toMatchObject({ reason: "locked" });
    }
  };
  expect(await countHashes(work)).toBe(0);
});

describe("a crowd of calls for one user costs no more than a few hashes at a time", () => {
  const crowd = <Outcome>(call: () => Promise<Outcome>) =>
    Promise.all(Array.from({ length: 50 }, call));
  const reasonsOf = (outcomes: readonly object[]) =>
    outcomes.map((outcome) => (outcome as { reason?: string }).reason ?? "ok");

  test("guesses at backup codes, of which five are counted and the others are not looked at", async () => {
    const rig = createRig();
    await enroll(rig, "ada");
    let reasons: string[] = [];
    const hashes = await countHashes(async () => {
      reasons = reasonsOf(await crowd(() => rig.totp.verify("ada", "00000-00000")));
    });
    expect(hashes).toBe(8);
    expect(reasons.filter((reason) => reason === "wrong_code")).toHaveLength(5);
    expect(reasons.filter((reason) => reason === "locked")).toHaveLength(3);
    expect(reasons.filter((reason) => reason === "busy")).toHaveLength(42);
    expect(rig.events.filter(({ type }) => type === "rejected")).toHaveLength(5);
  });

  test("right first codes, of which one confirms", async () => {
    const rig = createRig();
    const secret = await begin(rig, "ada");
    let reasons: string[] = [];
    const hashes = await countHashes(async () => {
      const code = codeAt(secret, rig.clock.time);
      reasons = reasonsOf(await crowd(() => rig.totp.confirm("ada", code)));
    });
    expect(hashes).toBe(8 * 3);
    expect(reasons.filter((reason) => reason === "ok")).toHaveLength(1);
  });

  test("changes with a fresh code, which is not used up by those that were not made", async () => {
    const rig = createRig();
    const { secret } = await enroll(rig, "ada");
    // Those that somebody vouches for take all places, so that the one with a code is not made.
    const code = codeAt(secret, rig.clock.time);
    const vouched = Array.from({ length: 8 }, () => rig.totp.regenerateBackupCodes("ada"));
    const refused = await rig.totp.regenerateBackupCodes("ada", { code });
    expect(refused).toEqual({ ok: false, reason: "busy", retryAfterSeconds: 1 });
    await Promise.all(vouched);
    expect(await rig.totp.verify("ada", code)).toMatchObject({ ok: true });
  });

  test("another user is not kept waiting, nor the same one afterwards", async () => {
    const rig = createRig();
    const { backupCodes: codes } = await enroll(rig, "ada");
    const eve = await enroll(rig, "eve");
    const guesses = crowd(() => rig.totp.verify("ada", "00000-00000"));
    expect(await rig.totp.verify("eve", String(eve.backupCodes[0]))).toMatchObject({ ok: true });
    await guesses;
    await rig.totp.unlock("ada");
    expect(await rig.totp.verify("ada", String(codes[0]))).toMatchObject({ ok: true });
  });
});
