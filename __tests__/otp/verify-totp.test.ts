import { decodeSecret } from "../../lib/otp/secret.js";
import { computeCode } from "../../lib/otp/speakeasy.js";
import { type VerifyTotpInput, verifyTotp } from "../../lib/otp/verify-totp.js";
import { thrownBy } from "../helpers/thrown-by.js";

const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const STEP = 41_152_263;

function codeAt(step: number): string {
  return computeCode(decodeSecret(SECRET), step, "SHA1", 6);
}

/** Verifies in the middle of the time step {@link STEP}. */
function verify(input: Partial<VerifyTotpInput>): number | undefined {
  const now = () => (STEP + 0.5) * 30_000;
  return verifyTotp({ secret: SECRET, code: codeAt(STEP), now, ...input });
}

describe("the window", () => {
  test("is one step before and after, where nothing else is asked for", () => {
    const accepted = [-3, -2, -1, 0, 1, 2, 3].filter(
      (offset) => verify({ code: codeAt(STEP + offset) }) === STEP + offset,
    );
    expect(accepted).toEqual([-1, 0, 1]);
  });

  test.each([0, 1, 2, 10])("of %i steps ends where it should", (window) => {
    for (let offset = -12; offset <= 12; offset++) {
      expect(verify({ code: codeAt(STEP + offset), window })).toBe(
        Math.abs(offset) <= window ? STEP + offset : undefined,
      );
    }
  });

  test("begins and ends with the time steps, to the millisecond", () => {
    const at = (milliseconds: number) =>
      verify({ window: 0, now: () => new Date(STEP * 30_000 + milliseconds) });
    expect([at(-1), at(0), at(29_999), at(30_000)]).toEqual([undefined, STEP, STEP, undefined]);
  });

  test("does not reach before 1970", () => {
    expect(verify({ code: codeAt(0), now: () => 0, window: 10 })).toBe(0);
    expect(verify({ code: codeAt(10), now: () => 0, window: 10 })).toBe(10);
  });

  test("step 0 is an answer, and not the same as none", () => {
    expect(verify({ code: codeAt(0), now: () => 0, lastUsedStep: null })).toBe(0);
    expect(verify({ code: codeAt(0), now: () => 0, lastUsedStep: 0 })).toBeUndefined();
  });
});

describe("two time steps with one code", () => {
  // Found by trying: in the first pair the steps are neighbors, in the second there is one between them.
  test.each([
    [910_737, 910_738],
    [153_567, 153_569],
  ])(
    "%i and %i: the later one is returned, so that the code cannot be used again",
    (earlier, later) => {
      const code = codeAt(earlier);
      expect(codeAt(later)).toBe(code);
      const now = () => (earlier + 1) * 30_000;
      expect(verify({ code, now })).toBe(later);
      expect(verify({ code, now, lastUsedStep: earlier })).toBe(later);
      expect(verify({ code, now, lastUsedStep: later })).toBeUndefined();
    },
  );
});

describe("lastUsedStep", () => {
  test("refuses the code of that step and of every step before", () => {
    for (let used = STEP - 3; used <= STEP + 3; used++) {
      for (let offset = -1; offset <= 1; offset++) {
        const step = STEP + offset;
        expect(verify({ code: codeAt(step), lastUsedStep: used })).toBe(
          step > used ? step : undefined,
        );
      }
    }
  });

  test.each([undefined, null])("%p means that no code was used yet", (lastUsedStep) => {
    expect(verify({ lastUsedStep })).toBe(STEP);
  });

  test.each([true, false, "5", "", Number.NaN, -1, 1.5, 5n, [5], {}, new Date(), 2 ** 53])(
    "%p is a mistake, and none that passes for a small number",
    (lastUsedStep) => {
      const call = () => verify({ lastUsedStep: lastUsedStep as number });
      expect(thrownBy(call)).toMatchObject({
        name: "TotpConfigError",
        code: "INVALID_OPTION",
        option: "lastUsedStep",
      });
    },
  );
});

describe("what people type", () => {
  const [a, b] = [codeAt(STEP).slice(0, 3), codeAt(STEP).slice(3)];

  test.each([
    ["in two groups", `${a} ${b}`],
    ["with a space before and a line break after", ` ${a}${b}\r\n`],
    ["with tabs", `\t${a}\t${b}`],
    ["with a no-break space", `${a}\u00a0${b}`],
    ["with a narrow no-break space", `${a}\u202f${b}`],
    ["with a thin space", `${a}\u2009${b}`],
    ["with an ideographic space", `${a}\u3000${b}`],
    ["with a byte order mark", `\ufeff${a}${b}`],
    ["one by one", [...`${a}${b}`].join(" ")],
  ])("is accepted %s", (_, code) => {
    expect(verify({ code })).toBe(STEP);
  });

  function inScript(zero: string): string {
    const base = Number(zero.codePointAt(0));
    return [...codeAt(STEP)].map((digit) => String.fromCodePoint(base + Number(digit))).join("");
  }

  test.each([
    ["in Arabic-Indic digits", inScript("\u0660")],
    ["in Extended Arabic-Indic digits", inScript("\u06f0")],
    ["in Devanagari digits", inScript("\u0966")],
    ["in Thai digits", inScript("\u0e50")],
    ["in mathematical digits", inScript("\u{1d7ce}")],
    ["with a full stop", `${a}.${b}`],
    ["with an underscore", `${a}_${b}`],
    ["with a plus sign", `+${a}${b}`],
    ["with a zero before it", `0${a}${b}`],
    ["with a NUL after it", `${a}${b}\0`],
    ["twice", `${a}${b}${a}${b}`],
    ["without its last digit", `${a}${b.slice(0, 2)}`],
    ["with another letter as its first character", `é${a.slice(1)}${b}`],
    ["with another letter as its last character", `${a}${b.slice(0, 2)}é`],
    ["as nothing", ""],
    ["as white space", "      "],
  ])("is refused %s", (_, code) => {
    expect(verify({ code })).toBeUndefined();
  });

  test("is refused in every form that a number of the same value has", () => {
    const step = 295_705;
    const now = () => step * 30_000;
    expect(verify({ code: "000012", now, window: 0 })).toBe(step);
    const forms = ["12", "12abcd", "12.000", "0x000c", "0b1100", "0o0014", "00012n", "12e000"];
    forms.push("+00012", "-00012", "0_0012", "00 012", "000012.", "0000012", "012,00", "--0012");
    for (const code of forms)
      expect([code, verify({ code, now, window: 0 })]).toEqual([code, undefined]);
  });

  test("is looked at with up to 128 characters", () => {
    const code = codeAt(STEP);
    expect(verify({ code: code.padStart(128) })).toBe(STEP);
    expect(verify({ code: code.padStart(129) })).toBeUndefined();
  });

  test.each([
    ["digits", "1".repeat(2 ** 20)],
    ["white space around the right code", `${" ".repeat(2 ** 20)}${codeAt(STEP)}`],
  ])("is refused before it is looked at, where it is a megabyte of %s", (_, code) => {
    const replace = jest.spyOn(String.prototype, "replace");
    expect(verify({ code })).toBeUndefined();
    expect(replace).not.toHaveBeenCalled();
    replace.mockRestore();
  });

  test.each([
    undefined,
    null,
    Number(codeAt(STEP)),
    BigInt(codeAt(STEP)),
    true,
    [codeAt(STEP)],
    { toString: () => codeAt(STEP) },
    new String(codeAt(STEP)),
    Buffer.from(codeAt(STEP)),
  ])("is refused, not an error, where it is no string: %p", (code) => {
    expect(verify({ code: code as string })).toBeUndefined();
  });
});

describe("misuse", () => {
  test.each([
    [{ window: -1 }, "window"],
    [{ window: 11 }, "window"],
    [{ window: 0.5 }, "window"],
    [{ window: Number.NaN }, "window"],
    [{ window: "1" }, "window"],
    [{ algorithm: "sha1" }, "algorithm"],
    [{ algorithm: "toString" }, "algorithm"],
    [{ digits: 7 }, "digits"],
    [{ period: 0 }, "period"],
    [{ period: 30_000 }, "period"],
    [{ now: Date.now() }, "now"],
    [{ now: () => Number.NaN }, "now"],
    [{ now: async () => 0 }, "now"],
    [{ secret: undefined }, "secret"],
    [{ secret: "" }, "secret"],
    [{ token: "123456" }, "token"],
    [{ lastUsedstep: 5 }, "lastUsedstep"],
  ])("%p", (input, option) => {
    const error = thrownBy(() => verify(input as Partial<VerifyTotpInput>));
    expect(error).toMatchObject({ name: "TotpConfigError", option });
  });

  test("a misspelt argument is told from the right one: it would let used codes through", () => {
    expect(() => verify({ lastUsedstep: STEP } as object)).toThrow("Did you mean lastUsedStep?");
  });

  test("the secret and the code in the wrong places are not shown", () => {
    const call = verifyTotp as unknown as (secret: string, code: string) => unknown;
    expect(thrownBy(() => call(SECRET, "123456")).stack).not.toContain(SECRET);
  });

  test.each([null, {}])("a wrong code hides no mistake: secret %p", (secret) => {
    expect(() => verify({ secret: secret as string, code: "no code" })).toThrow(/^secret: /);
  });
});

test("of all codes only the right one is accepted", () => {
  const right = Number(codeAt(STEP));
  // Every code that differs in one digit, and a thousand others.
  const wrong = [1, 10, 100, 1000, 10_000, 100_000].flatMap((place) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((change) => {
      const digit = Math.floor(right / place) % 10;
      return right + (((digit + change) % 10) - digit) * place;
    }),
  );
  for (let i = 1; i <= 1000; i++) wrong.push((right + i * 991) % 1_000_000);
  for (const value of wrong) {
    expect(verify({ code: String(value).padStart(6, "0"), window: 0 })).toBeUndefined();
  }
  expect(verify({ window: 0 })).toBe(STEP);
});
