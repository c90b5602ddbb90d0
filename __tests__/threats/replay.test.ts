import { decodeSecret } from "../../lib/otp/secret.js";
import { computeCode } from "../../lib/otp/speakeasy.js";
import { verifyTotp } from "../../lib/otp/verify-totp.js";

const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const STEP = 41_152_263;

function codeAt(step: number): string {
  return computeCode(decodeSecret(SECRET), step, "SHA1", 6);
}

/** A login as an app does it with `verifyTotp`: what was accepted is remembered. */
function createLogin() {
  let lastUsedStep: number | undefined;
  return (code: string, step: number): boolean => {
    const accepted = verifyTotp({ secret: SECRET, code, lastUsedStep, now: () => step * 30_000 });
    if (accepted === undefined) return false;
    lastUsedStep = accepted;
    return true;
  };
}

test("CVE-2015-7225, CVE-2022-25838, CVE-2026-61630, CVE-2025-43798: an accepted code worked again", () => {
  const login = createLogin();
  expect(login(codeAt(STEP), STEP)).toBe(true);
  expect(login(codeAt(STEP), STEP)).toBe(false);
  expect(login(codeAt(STEP + 1), STEP + 1)).toBe(true);
});

test("CVE-2021-43177: a used code worked again for one more interval of the window", () => {
  const login = createLogin();
  expect(login(codeAt(STEP), STEP)).toBe(true);
  expect(login(codeAt(STEP), STEP + 1)).toBe(false);

  const ahead = createLogin();
  expect(ahead(codeAt(STEP + 1), STEP)).toBe(true);
  expect(ahead(codeAt(STEP + 1), STEP + 1)).toBe(false);
  expect(ahead(codeAt(STEP + 1), STEP + 2)).toBe(false);
});

test("an older code that had not been used worked after a newer one", () => {
  const login = createLogin();
  expect(login(codeAt(STEP + 1), STEP)).toBe(true);
  expect(login(codeAt(STEP), STEP)).toBe(false);
  expect(login(codeAt(STEP - 1), STEP)).toBe(false);
});

test("CVE-2025-6014: a used code worked again with a space in it", () => {
  const code = codeAt(STEP);
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
  for (const [first, second] of [
    [code, spaced],
    [spaced, code],
    [spaced, ` ${code}\u00a0`],
  ] as const) {
    const login = createLogin();
    expect(login(first, STEP)).toBe(true);
    expect(login(second, STEP)).toBe(false);
  }
});

test("fortify 399: `true` was stored as the used step, read as 1, and let the used code through", () => {
  const code = codeAt(STEP);
  const now = () => STEP * 30_000;
  for (const stored of [true, "1", `${STEP}`]) {
    const lastUsedStep = stored as unknown as number;
    expect(() => verifyTotp({ secret: SECRET, code, lastUsedStep, now })).toThrow(
      /^lastUsedStep: /,
    );
  }
  // What is returned, and so stored, is the step itself, which is no boolean.
  expect(verifyTotp({ secret: SECRET, code, now })).toBe(STEP);
});

test("a code that two time steps share worked twice, once for each of them", () => {
  const [earlier, later] = [153_567, 153_569];
  expect(codeAt(earlier)).toBe(codeAt(later));
  const login = createLogin();
  expect(login(codeAt(earlier), earlier + 1)).toBe(true);
  expect(login(codeAt(earlier), earlier + 1)).toBe(false);
});

test("otplib, by reading: a clock set back made the verifier throw instead of answering", () => {
  const now = () => STEP * 30_000;
  for (const ahead of [1, 2, 1000, Number.MAX_SAFE_INTEGER - STEP]) {
    const lastUsedStep = STEP + ahead;
    expect(verifyTotp({ secret: SECRET, code: codeAt(STEP), lastUsedStep, now })).toBeUndefined();
  }
});
