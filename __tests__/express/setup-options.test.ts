import { createTotpSetupRouter, type TotpSetupOptions } from "express-totp-setup";
import { seeErrors } from "../helpers/see-errors.js";
import { thrownBy } from "../helpers/thrown-by.js";

const CALLBACKS = { authenticate: () => 1, savePendingSecret: () => {} };

function construct(options: object) {
  return createTotpSetupRouter({ ...CALLBACKS, ...options });
}

test("two callbacks are enough", () => {
  expect(typeof createTotpSetupRouter(CALLBACKS)).toBe("function");
});

test.each<[string, object]>([
  ["both ends of secretBytes", { secretBytes: 16 }],
  ["both ends of secretBytes", { secretBytes: 64 }],
  ["both ends of pendingSeconds", { pendingSeconds: 1 }],
  ["both ends of pendingSeconds", { pendingSeconds: 86_400 }],
  ["both ends of timeoutMs", { timeoutMs: 1 }],
  ["both ends of timeoutMs", { timeoutMs: 3_600_000 }],
  ["a path with parameters", { path: "/tenants/:tenant/users/:user_id-:x/2fa.json" }],
  ["the root as path", { path: "/" }],
  ["a header of odd characters", { apiKeyHeader: "x_api.key~1" }],
  ["an issuer in another script", { issuer: "Компания & Söhne" }],
  [
    "rendering options",
    { qrCode: { format: "svg", moduleSize: 20, margin: 4, errorCorrection: "H" } },
  ],
  ["no rendering options", { qrCode: {} }],
  [
    "options that are undefined",
    { issuer: undefined, onError: undefined, now: undefined, path: undefined },
  ],
])("%s will do", (_, options) => {
  expect(() => construct(options)).not.toThrow();
});

const NO_FUNCTIONS = [null, "function", {}, [], 5, true];
const NO_INTEGERS = [
  null,
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "20",
  20n,
  {},
  [],
  true,
];

describe.each<{ option: string; values: unknown[]; expected: string; fix?: string }>([
  {
    option: "authenticate",
    values: NO_FUNCTIONS,
    expected: "a function (apiKey, req) => user or null",
  },
  {
    option: "savePendingSecret",
    values: NO_FUNCTIONS,
    expected: "a function (userId, secret, details",
  },
  { option: "accountName", values: NO_FUNCTIONS, expected: "a function (user) => string" },
  { option: "onEvent", values: NO_FUNCTIONS, expected: "a function (event) => void" },
  { option: "onError", values: NO_FUNCTIONS, expected: "a function (error, req) => void" },
  {
    option: "now",
    values: [...NO_FUNCTIONS, new Date()],
    expected: "a function () => number | Date",
  },
  {
    option: "issuer",
    values: ["", " ", "a:b", "a\n", "\ud800", null, 5, {}, [], true],
    expected: "a non-blank string without ':' or control characters",
  },
  {
    option: "path",
    values: [
      null,
      "",
      "setup",
      "/a b",
      "/*",
      "/*splat",
      "/a?",
      "/{a}",
      "/(a)",
      "/a+",
      "/[a]",
      "/:",
      "/:1",
      "/:a:b",
      "/::a",
      "/a\n",
      "/ж",
      5,
      /setup/,
      ["/a"],
    ],
    expected: 'a path such as "/users/:id/totp", with no wildcards or groups',
  },
  {
    option: "apiKeyHeader",
    values: [null, "", "X API Key", "X-API-Key:", "X-Ключ", "a\n", "a\r\nb", 5, [], {}],
    expected: 'the name of an HTTP header, such as "X-API-Key"',
  },
  {
    option: "qrCode",
    values: [null, "PNG", "jpeg", "", 5, true, Symbol("png")],
    expected: '"png", "svg", "uri", an object of rendering options, or a function',
  },
  {
    option: "secretBytes",
    values: [...NO_INTEGERS, 15, 65, 160],
    expected: "an integer from 16 to 64",
    fix: "RFC 4226 requires at least 16 bytes (128 bits).",
  },
  {
    option: "pendingSeconds",
    values: [...NO_INTEGERS, 86_401, 600_000],
    expected: "an integer from 1 to 86400",
    fix: "It is in seconds.",
  },
  {
    option: "timeoutMs",
    values: [...NO_INTEGERS, 3_600_001],
    expected: "an integer from 1 to 3600000",
    fix: "It is in milliseconds.",
  },
  {
    option: "algorithm",
    values: [null, "sha1", "SHA-1", "MD5", "", 1, {}],
    expected: '"SHA1" or "SHA256" or "SHA512"',
  },
  { option: "digits", values: [null, 5, 7, "6", "", {}, Number.NaN], expected: "6 or 8" },
  {
    option: "period",
    values: [...NO_INTEGERS, 14, 301, 30_000],
    expected: "an integer from 15 to 300",
    fix: "It is in seconds.",
  },
])("$option", ({ option, values, expected, fix }) => {
  test.each(values.map((value) => [value]))("cannot be %p", (value) => {
    const error = thrownBy(() => construct({ [option]: value }));
    expect(error).toMatchObject({ name: "TotpConfigError", code: "INVALID_OPTION", option, fix });
    expect(error).toBeInstanceOf(TypeError);
    const { expected: told, got } = error as Error & { expected: string; got: string };
    expect(told).toContain(expected);
    expect(got).not.toBe("");
    expect(error.message).toBe(
      `${option}: expected ${told}, got ${got}.${fix ? ` ${fix}` : ""}${seeErrors()}`,
    );
  });
});

test.each(["authenticate", "savePendingSecret"])("%s cannot be missing", (option) => {
  const without = Object.fromEntries(Object.entries(CALLBACKS).filter(([name]) => name !== option));
  for (const options of [without, { ...CALLBACKS, [option]: undefined }]) {
    expect(thrownBy(() => createTotpSetupRouter(options as never))).toMatchObject({
      code: "MISSING_OPTION",
      option,
      got: "undefined",
    });
  }
});

test.each<[object, string, string | undefined]>([
  [{ savePendingSecert: () => {} }, "savePendingSecert", "Did you mean savePendingSecret?"],
  [{ Issuer: "Acme" }, "Issuer", "Did you mean issuer?"],
  [{ apiKeyheader: "X" }, "apiKeyheader", "Did you mean apiKeyHeader?"],
  [{ timeout: 5 }, "timeout", "Did you mean timeoutMs?"],
  [{ algoritm: "SHA1" }, "algoritm", "Did you mean algorithm?"],
  [{ store: {} }, "store", undefined],
  [{ constructor: 1 }, "constructor", undefined],
  [JSON.parse('{"__proto__":1}'), "__proto__", undefined],
  [{ qrCode: { fromat: "svg" } }, "qrCode.fromat", "Did you mean format?"],
  [{ qrCode: { width: 200 } }, "qrCode.width", undefined],
])("an option that does not exist: %p", (options, option, fix) => {
  expect(thrownBy(() => construct(options))).toMatchObject({
    name: "TotpConfigError",
    code: "UNKNOWN_OPTION",
    option,
    fix,
  });
});

test.each<[object, string]>([
  [{ format: "jpeg" }, "qrCode.format"],
  [{ moduleSize: 3 }, "qrCode.moduleSize"],
  [{ moduleSize: 21 }, "qrCode.moduleSize"],
  [{ margin: 3 }, "qrCode.margin"],
  [{ margin: "4" }, "qrCode.margin"],
  [{ errorCorrection: "m" }, "qrCode.errorCorrection"],
])("rendering options that cannot be: %p", (qrCode, option) => {
  expect(thrownBy(() => construct({ qrCode }))).toMatchObject({ code: "INVALID_OPTION", option });
});

test.each([[undefined], [null], ["options"], [() => {}], [[]], [5]])(
  "%p are no options",
  (options) => {
    const call = () => createTotpSetupRouter(options as unknown as TotpSetupOptions);
    expect(thrownBy(call)).toMatchObject({
      name: "TotpConfigError",
      option: "createTotpSetupRouter",
      expected: "an object of options",
    });
  },
);

test("parameters that some apps ignore are warned about, the common ones are not", () => {
  const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
  construct({ algorithm: "SHA1", digits: 6, period: 30 });
  expect(warn).not.toHaveBeenCalled();
  for (const options of [{ algorithm: "SHA256" }, { digits: 8 }, { period: 60 }])
    construct(options);
  expect(warn.mock.calls.map(([, options]) => Object(options).code)).toEqual([
    "TOTP_UNCOMMON_PARAMETERS",
    "TOTP_UNCOMMON_PARAMETERS",
    "TOTP_UNCOMMON_PARAMETERS",
  ]);
  warn.mockRestore();
});
