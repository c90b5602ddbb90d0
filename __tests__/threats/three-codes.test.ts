// Three codes pass a lock and are not counted, so nothing may show how many of them are right.
import { TRUSTED } from "express-totp-setup";
import { countHmacs } from "../helpers/hmacs.js";
import { CALLS, lockForAWeek, STEP_MS } from "../helpers/lockouts.js";
import { codeAt, createRig, enroll, type Rig, threeCodes, wrongCode } from "../helpers/service.js";

/** The codes of three steps, counted from the current one. */
function at(secret: string, time: number, ...offsets: number[]): string {
  return offsets.map((offset) => codeAt(secret, time + offset * STEP_MS)).join(" ");
}

/** Texts of three codes that are refused; the last step that was accepted is the one before the current. */
const REFUSED: [string, (secret: string, time: number) => string][] = [
  ["with a gap", (secret, time) => at(secret, time, 0, 1, 3)],
  ["backwards", (secret, time) => at(secret, time, 2, 1, 0)],
  ["thrice the same", (secret, time) => at(secret, time, 0, 0, 0)],
  ["used, the first of them", (secret, time) => at(secret, time, -1, 0, 1)],
  ["used, all of them", (secret, time) => at(secret, time, -3, -2, -1)],
  ["too early by a step", (secret, time) => at(secret, time, -21, -20, -19)],
  ["too late by a step", (secret, time) => at(secret, time, 19, 20, 21)],
  ["wrong, the first", (secret, time) => `${wrongCode(time, secret)} ${at(secret, time, 1, 2)}`],
  ["wrong, the second", (secret, time) => at(secret, time, 0, 1, 2).replace(/ \d+ /, " 000000 ")],
  ["wrong, the last", (secret, time) => `${at(secret, time, 0, 1)} ${wrongCode(time, secret)}`],
  [
    "wrong, two of them",
    (secret, time) => `${at(secret, time, 0)} ${two(wrongCode(time, secret))}`,
  ],
  ["wrong, all of them", (_secret, time) => `000000 ${two(wrongCode(time))}`],
];

function two(code: string): string {
  return `${code} ${code}`;
}

/** Far from the start of the enrollment, so that the earlier steps are unused, but for those said to be. */
async function prepare(): Promise<{ rig: Rig; secret: string; backupCodes: string[] }> {
  const rig = createRig();
  const { secret, backupCodes } = await enroll(rig, "ada");
  rig.clock.advance(30 * 60);
  return { rig, secret, backupCodes };
}

describe("three codes compared one by one are an uncounted oracle for single codes", () => {
  describe.each(CALLS)("%s", (_call, send) => {
    test.each(REFUSED)("%s: refused, and not counted", async (how, make) => {
      const { rig, secret } = await prepare();
      const { totp, clock, events, store } = rig;
      if (how.startsWith("used")) {
        await totp.verify("ada", codeAt(secret, clock.time - STEP_MS));
        events.length = 0;
      }
      const before = await store.get("ada");
      const code = make(secret, clock.time);
      for (let i = 0; i < 30; i++) {
        expect(await send(rig, code)).toEqual({ ok: false, reason: "wrong_code" });
      }
      expect(await store.get("ada")).toBe(before);
      const purpose = _call === "verify" ? "verify" : "step_up";
      for (const event of events) {
        expect(event).toEqual({
          ...{ type: "rejected", reason: "wrong", purpose },
          ...{ userId: "ada", by: "user", at: new Date(clock.time) },
        });
      }
      expect(events).toHaveLength(30);
    });
  });

  test("the work is the same, however many of them are right", async () => {
    const { rig, secret } = await prepare();
    const { totp, clock } = rig;
    const counts = new Set<number>();
    for (const [, make] of REFUSED) {
      counts.add(await countHmacs(() => totp.verify("ada", make(secret, clock.time))));
    }
    for (const last of [2, -18, 20]) {
      const other = createRig({}, clock);
      const { secret: own } = await enroll(other, "ada");
      clock.advance(30 * 60);
      const code = threeCodes(own, clock.time, last);
      counts.add(
        await countHmacs(async () => {
          expect((await other.totp.verify("ada", code)).ok).toBe(true);
        }),
      );
    }
    // One for each step within reach.
    expect([...counts]).toEqual([41]);
  });

  test("the first and the last that are within reach get in", async () => {
    for (const last of [-18, 20]) {
      const { rig, secret } = await prepare();
      const outcome = await rig.totp.verify("ada", threeCodes(secret, rig.clock.time, last));
      expect(outcome).toMatchObject({ ok: true, clockOffsetSeconds: last * 30 });
    }
  });

  test("they are used up, with every code before them", async () => {
    const { rig, secret } = await prepare();
    const { totp, clock } = rig;
    const code = threeCodes(secret, clock.time, 1);
    expect((await totp.verify("ada", code)).ok).toBe(true);
    for (const again of [code, at(secret, clock.time, 0, 1, 2), codeAt(secret, clock.time)]) {
      expect(await totp.verify("ada", again)).toEqual({ ok: false, reason: "wrong_code" });
    }
  });

  test("they end the lock and not the allowance", async () => {
    const { rig, secret } = await prepare();
    const { totp, clock } = rig;
    await lockForAWeek(rig, secret);
    expect((await totp.verify("ada", threeCodes(secret, clock.time, 1))).ok).toBe(true);
    clock.advance(90);
    const single = await totp.verify("ada", codeAt(secret, clock.time));
    expect(single).toMatchObject({ ok: false, reason: "locked" });
  });
});

describe("a learned clock offset: the user sets the clock right, and every code is used already", () => {
  const BEHIND = -10;

  test("the offset is said, and single codes are accepted by the right time, before and after", async () => {
    const { rig, secret } = await prepare();
    const { totp, clock } = rig;
    const outcome = await totp.verify("ada", threeCodes(secret, clock.time, BEHIND));
    expect(outcome).toMatchObject({ ok: true, clockOffsetSeconds: -300 });
    clock.advance(60);
    const late = codeAt(secret, clock.time + BEHIND * STEP_MS);
    expect(await totp.verify("ada", late)).toEqual({ ok: false, reason: "wrong_code" });
    expect((await totp.verify("ada", codeAt(secret, clock.time))).ok).toBe(true);
  });

  test("nothing of it is kept", async () => {
    const { rig, secret } = await prepare();
    const { totp, clock, store } = rig;
    const keys = async () => Object.keys(JSON.parse(String(await store.get("ada"))).active);
    const before = await keys();
    await totp.verify("ada", threeCodes(secret, clock.time, BEHIND));
    expect(await keys()).toEqual(before);
    expect((await totp.disable("ada", { proof: TRUSTED })).ok).toBe(true);
  });
});
