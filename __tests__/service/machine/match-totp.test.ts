import { matchThreeCodes, matchTotp } from "../../../lib/service/machine/match-totp.js";
import { CONTEXT, OLD, PARAMETERS, STEP, WRONG } from "../../helpers/machine-states.js";
import { codeAt, START, threeCodes } from "../../helpers/service.js";

const ENROLLMENT = { secret: OLD, ...PARAMETERS };
const at = (steps: number) => codeAt(OLD, START + steps * 30_000);

describe("a single code", () => {
  const match = (code: string, lastUsedStep = -1, window = 1) =>
    matchTotp(ENROLLMENT, lastUsedStep, code, { ...CONTEXT, window });

  test.each([-2, 0, 2])("is accepted within the window, %i steps off", (offset) => {
    expect(match(at(offset), -1, 2)).toEqual({ kind: "accepted", step: STEP + offset, offset });
  });

  test("is accepted once", () => {
    expect(match(at(0), STEP - 1)).toMatchObject({ kind: "accepted" });
    for (const used of [STEP, STEP + 1]) {
      expect(match(at(0), used)).toEqual({ kind: "already_used", offset: 0 });
    }
    expect(match(at(-20), STEP - 20)).toEqual({ kind: "already_used", offset: -20 });
  });

  test.each([-20, -2, 2, 20])("is recognized %i steps off", (offset) => {
    expect(match(at(offset))).toEqual({ kind: "clock_skew", offset });
  });

  test.each([-21, 21])("is not recognized %i steps off", (offset) => {
    expect(match(at(offset))).toEqual({ kind: "wrong" });
  });

  test("is matched at the beginning of time as well", () => {
    const context = { now: 0, window: 1 };
    const first = matchTotp(ENROLLMENT, -1, codeAt(OLD, 0), context);
    expect(first).toEqual({ kind: "accepted", step: 0, offset: 0 });
    expect(matchTotp(ENROLLMENT, -1, WRONG, context)).toEqual({ kind: "wrong" });
  });
});

describe("three codes", () => {
  const match = (codes: string, lastUsedStep = -1, now = START) =>
    matchThreeCodes(ENROLLMENT, lastUsedStep, codes, now);
  const three = (lastOffset: number) => threeCodes(OLD, START, lastOffset).replaceAll(" ", "");

  test.each([-18, -1, 0, 1, 20])("are accepted if they end %i steps off", (offset) => {
    expect(match(three(offset))).toEqual({ step: STEP + offset, offset });
  });

  test.each([-19, 21])("are refused if they end %i steps off", (offset) => {
    expect(match(three(offset))).toBeUndefined();
  });

  test("are all newer than the last accepted step", () => {
    expect(match(three(0), STEP - 3)).toEqual({ step: STEP, offset: 0 });
    for (const used of [STEP - 2, STEP - 1, STEP]) expect(match(three(0), used)).toBeUndefined();
  });

  test.each([
    ["in the wrong order", [0, -1, -2]],
    ["with one left out", [-3, -2, 0]],
    ["of the same step", [0, 0, 0]],
  ])("are refused %s", (_, steps) => {
    expect(match(steps.map(at).join(""))).toBeUndefined();
  });

  test.each([0, 1, 2])("are refused if code %i is wrong", (wrong) => {
    const codes = [-2, -1, 0].map((steps, i) => (i === wrong ? WRONG : at(steps)));
    expect(match(codes.join(""))).toBeUndefined();
  });

  test("are matched at the beginning of time as well", () => {
    const codes = [0, 1, 2].map((step) => codeAt(OLD, step * 30_000)).join("");
    expect(match(codes, -1, 0)).toEqual({ step: 2, offset: 2 });
  });

  test("have the digits and the period of the enrollment", () => {
    const other = { secret: OLD, algorithm: "SHA256", digits: 8, period: 60 } as const;
    const codes = [-2, -1, 0].map((i) => codeAt(OLD, START + i * 60_000, other)).join("");
    expect(matchThreeCodes(other, -1, codes, START)).toMatchObject({ offset: 0 });
  });
});
