// docs/errors.md has a section for each code and each reason, and messages lead there.
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  TotpCallbackError,
  TotpConfigError,
  TotpStateError,
  TotpTimeoutError,
} from "express-totp-setup";
import { createOpenApiDocument } from "express-totp-setup/openapi";

const ROOT = path.join(__dirname, "../..");
const document = readFileSync(path.join(ROOT, "docs/errors.md"), "utf8");
const headings = [...document.matchAll(/^### (\w+)$/gm)].map(([, heading = ""]) => heading);

const wrong = { expected: "an id", got: "nothing" };
const source = readFileSync(path.join(ROOT, "lib/base/errors.ts"), "utf8");
const [, codes = ""] = /type TotpConfigErrorCode =([^;]+);/.exec(source) ?? [];
const configCodes = codes.match(/[A-Z_]+/g) as TotpConfigError["code"][];

const errors = [
  ...configCodes.map((code) => new TotpConfigError(code, "option", wrong)),
  new TotpCallbackError("authenticate", wrong),
  new TotpTimeoutError("authenticate", 10),
  new TotpStateError("was truncated or changed"),
];

test.each(errors)("the message of $code leads to its section", ({ code, message }) => {
  expect(headings).toContain(code);
  expect(message).toMatch(new RegExp(` See express-totp-setup/docs/errors\\.md#${code}$`, "i"));
});

/** Every value of every enum of a property `reason`. */
function reasonsIn(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const { reason, ...rest } = node as { reason?: { enum?: string[]; const?: string } };
  return [
    ...(reason?.enum ?? []),
    ...(reason?.const === undefined ? [] : [reason.const]),
    ...Object.values(rest).flatMap(reasonsIn),
  ];
}

test("each code and each reason of a response has a section, and nothing else has", () => {
  const reasons = new Set(reasonsIn(createOpenApiDocument({ title: "Acme" })));
  expect(reasons.size).toBeGreaterThan(10);
  expect([...headings].sort()).toEqual([...errors.map(({ code }) => code), ...reasons].sort());
});
