import { callback, integerBetween, oneOf } from "../../lib/base/checks.js";
import {
  nested,
  type OptionTable,
  optional,
  required,
  resolveOptions,
  withDefault,
} from "../../lib/base/options.js";
import { thrownBy } from "../helpers/thrown-by.js";

interface Lockout {
  limit?: number;
  seconds?: number;
}

interface Options {
  send: (text: string) => void;
  log?: (text: string) => void;
  mode?: "strict" | "lax";
  lockout?: Lockout;
}

const LOCKOUT = {
  limit: withDefault(5, integerBetween(1, 100)),
  seconds: withDefault(900, integerBetween(1, 86_400)),
} satisfies OptionTable<Lockout>;

const TABLE = {
  send: required(callback<Options["send"]>("(text) => void")),
  log: optional(callback<NonNullable<Options["log"]>>("(text) => void")),
  mode: withDefault("strict", oneOf(["strict", "lax"])),
  lockout: withDefault({}, nested(LOCKOUT)),
} satisfies OptionTable<Options>;

const send = () => {};
const resolve = (options: unknown) => resolveOptions("createMailer", TABLE, options);

test("a configuration has every option, with defaults for those that were not given", () => {
  const defaults = { log: undefined, mode: "strict", lockout: { limit: 5, seconds: 900 } };
  expect(resolve({ send })).toStrictEqual({ send, ...defaults });
  expect(resolve({ send, log: undefined, mode: undefined })).toStrictEqual({ send, ...defaults });
  expect(resolve({ send, mode: "lax", lockout: { limit: 3 } })).toMatchObject({
    mode: "lax",
    lockout: { limit: 3, seconds: 900 },
  });
});

test("the compiler knows the type of each value", () => {
  const config = resolve({ send });
  config.send("text");
  config.log?.("text");
  const { limit }: { limit: number } = config.lockout;
  const mode: "strict" | "lax" = config.mode;
  expect([limit, mode]).toEqual([5, "strict"]);
  // @ts-expect-error -- it may not have been given
  expect(() => config.log("text")).toThrow(TypeError);
});

test("the compiler finds a table that differs from its interface", () => {
  const { lockout, ...rest } = TABLE;
  const check = callback<Options["send"]>("(text) => void");
  const off = withDefault("off", rest.mode.resolve);
  const tables = [
    // @ts-expect-error -- a name is missing
    rest satisfies OptionTable<Options>,
    // @ts-expect-error -- a name too many
    { ...TABLE, retries: lockout } satisfies OptionTable<Options>,
    // @ts-expect-error -- the interface requires it
    { ...TABLE, send: optional(check) } satisfies OptionTable<Options>,
    // @ts-expect-error -- the interface does not require it
    { ...TABLE, log: required(check) } satisfies OptionTable<Options>,
    // @ts-expect-error -- the interface has no such value
    { ...TABLE, mode: off } satisfies OptionTable<Options>,
  ];
  expect(tables).toHaveLength(5);
});

test.each<[string, unknown, object]>([
  ["no object", "text", { code: "INVALID_OPTION", option: "createMailer" }],
  ["missing", {}, { code: "MISSING_OPTION", option: "send", got: "undefined" }],
  ["undefined", { send: undefined }, { code: "MISSING_OPTION", option: "send" }],
  ["unknown", { send, mdoe: "lax" }, { code: "UNKNOWN_OPTION", fix: "Did you mean mode?" }],
  ["wrong", { send, log: "text" }, { code: "INVALID_OPTION", option: "log" }],
  ["null for none", { send, log: null }, { code: "INVALID_OPTION", option: "log" }],
  ["null for the default", { send, mode: null }, { code: "INVALID_OPTION", option: "mode" }],
  ["wrong inside", { send, lockout: { limit: 0 } }, { option: "lockout.limit" }],
  ["unknown inside", { send, lockout: { limits: 1 } }, { option: "lockout.limits" }],
  ["no object inside", { send, lockout: 5 }, { option: "lockout" }],
])("refuses what is %s", (_, options, error) => {
  expect(thrownBy(() => resolve(options))).toMatchObject({ name: "TotpConfigError", ...error });
});

test("an unknown name comes first, then what is wrong in the order of the table", () => {
  const told = (options: object) => Object(thrownBy(() => resolve(options))).option;
  expect(told({ mode: "none", log: 5, retries: 3 })).toBe("retries");
  expect(told({ mode: "none", log: 5 })).toBe("send");
  expect(told({ mode: "none", log: 5, send })).toBe("log");
});

test("a default is checked too", () => {
  const table = { limit: withDefault(0, integerBetween(1, 100)) };
  expect(() => resolveOptions("create", table, {})).toThrow("limit: expected an integer");
});

test("each option is read once, inherited ones included", () => {
  let reads = 0;
  const given = Object.create({
    send,
    get mode() {
      reads++;
      return reads === 1 ? "lax" : "nonsense";
    },
  });
  expect(resolve(given).mode).toBe("lax");
});
