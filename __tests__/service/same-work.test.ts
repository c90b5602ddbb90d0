// How long a refusal takes must not say how nearly a code was right, nor whether anybody listens.
import crypto from "node:crypto";
import {
  begin,
  beginWith,
  codeAt,
  createRig,
  enroll,
  FEW_CODES,
  secretNo,
  threeCodes,
  wrongCode,
} from "../helpers/service.js";

const createHmac = jest.spyOn(crypto, "createHmac");
afterAll(() => createHmac.mockRestore());

/** Counts the HMACs that a service computes; those of the tests' own codes are computed elsewhere. */
async function countHmacs(work: () => Promise<unknown>): Promise<number> {
  createHmac.mockClear();
  await work();
  return createHmac.mock.calls.length;
}

const WINDOW = 1;
const WHOLE_REACH = 41;
/** Hashes of the backup codes that are generated before a first code is looked at. */
const GENERATED = FEW_CODES.count;
const LISTENERS: [string, object][] = [
  ["with a listener", {}],
  ["without a listener", { onEvent: undefined }],
];

describe.each(LISTENERS)("%s", (_, options) => {
  const start = async () => {
    const rig = createRig({ window: WINDOW, ...options });
    const enrolled = await enroll(rig, "ada");
    rig.clock.advance(900);
    await rig.totp.verify("ada", codeAt(enrolled.secret, rig.clock.time));
    return { ...rig, ...enrolled };
  };

  test("each refused code takes the same work, wherever it would have matched", async () => {
    const offsets = [-21, -20, -10, -2, -1, 0, 2, 10, 20, 21];
    for (const offset of offsets) {
      const { totp, clock, secret } = await start();
      const code = codeAt(secret, clock.time + offset * 30_000);
      const count = await countHmacs(async () => {
        expect((await totp.verify("ada", code)).ok).toBe(false);
      });
      expect([offset, count]).toEqual([offset, WHOLE_REACH]);
    }
    const { totp, clock, secret } = await start();
    const wrong = wrongCode(clock.time, secret);
    expect(await countHmacs(() => totp.verify("ada", wrong))).toBe(WHOLE_REACH);
    const proof = { code: wrong };
    expect(await countHmacs(() => totp.disable("ada", { proof }))).toBe(WHOLE_REACH);
  });

  test("so do three codes, however many of them are right", async () => {
    const { totp, clock, secret } = await start();
    const wrong = wrongCode(clock.time, secret);
    const at = (steps: number) => codeAt(secret, clock.time + steps * 30_000);
    for (const codes of [
      [wrong, wrong, wrong],
      [at(1), wrong, wrong],
      [at(1), at(2), wrong],
      [wrong, at(2), at(3)],
      [at(-2), at(-1), at(0)],
      [at(1), at(3), at(5)],
    ]) {
      const count = await countHmacs(async () => {
        expect((await totp.verify("ada", codes.join(" "))).ok).toBe(false);
      });
      expect(count).toBe(WHOLE_REACH);
    }
    const right = threeCodes(secret, clock.time, 3);
    const count = await countHmacs(async () => {
      expect((await totp.verify("ada", right)).ok).toBe(true);
    });
    expect(count).toBe(WHOLE_REACH);
  });

  test("a backup code takes one, right or wrong", async () => {
    const { totp, backupCodes } = await start();
    const right = String(backupCodes[0]);
    const nearly = `${right.slice(0, -1)}${right.endsWith("A") ? "B" : "A"}`;
    for (const code of ["0000-0000-0000-000A", nearly, right, right]) {
      expect(await countHmacs(() => totp.verify("ada", code))).toBe(1);
    }
  });

  test("a text that no code looks like takes none, nor does a code during a lock", async () => {
    const { totp, clock, secret } = await start();
    for (const text of ["", "12345", "abc", "0".repeat(4096)]) {
      expect(await countHmacs(() => totp.verify("ada", text))).toBe(0);
    }
    const wrong = wrongCode(clock.time, secret);
    for (let i = 0; i < 5; i++) await totp.verify("ada", wrong);
    const right = codeAt(secret, clock.time + 30_000);
    for (const code of [wrong, right]) {
      expect(await countHmacs(() => totp.verify("ada", code))).toBe(0);
    }
    expect(await countHmacs(() => totp.verify("nobody", right))).toBe(0);
  });

  test("a first code is compared with every pending setup", async () => {
    const rig = createRig(options);
    const first = await begin(rig, "ada");
    await beginWith(rig, "ada", secretNo(1));
    for (const offset of [-20, 2, 20]) {
      for (const secret of [first, secretNo(1), secretNo(2)]) {
        const code = codeAt(secret, rig.clock.time + offset * 30_000);
        expect(await countHmacs(() => rig.totp.confirm("ada", code))).toBe(
          2 * WHOLE_REACH + GENERATED,
        );
      }
    }
  });
});
