import { testTwoFactorApp } from "express-totp-setup/testing";
import { resolveAppOptions } from "../../lib/testing/app/options.js";
import { attacksOn } from "../../lib/testing/attacks/table.js";
import { vulnerableApp } from "../helpers/vulnerable-app/options.js";
import { recordTests } from "./recording-runner.js";

const given = vulnerableApp();
const { request: _, ...withoutRequest } = given;
const { createUser, signIn, sendCode, isSignedIn } = given;
const least = { request: given.request, createUser, signIn, sendCode, isSignedIn };

const define = (options: unknown) =>
  recordTests((runner) => testTwoFactorApp(runner, options as typeof given));

test.each<[RegExp, unknown]>([
  [/^testTwoFactorApp: expected an object of options, got null/, null],
  [/^url, request: expected exactly one of the two, got neither/, withoutRequest],
  [/^url, request: expected exactly one of the two, got both/, { ...given, url: "http://a.test" }],
  [
    /^url: expected the URL of the app, or a function/,
    { ...withoutRequest, url: "localhost:3000" },
  ],
  [/^createUser: expected a function \(\) => user/, { ...given, createUser: undefined }],
  [/^sendcode: .+ Did you mean sendCode\?/, { ...given, sendcode: sendCode }],
  [/^guarded: expected an object of functions/, { ...given, guarded: [] }],
  [/^guarded\.transfer: expected a function/, { ...given, guarded: { transfer: "POST" } }],
  [/^fresh\.payout: expected a function/, { ...given, fresh: { payout: "GET" } }],
  [/^stepUp: .+ because fresh is set/, { ...given, stepUp: undefined }],
  [/^advance: .+ because fresh is set/, { ...given, advance: undefined }],
  [/^freshForSeconds: expected an integer/, { ...given, freshForSeconds: 0 }],
  [/^paths: expected an array of paths/, { ...given, paths: ["status"] }],
  [/^lockAfter: expected an integer from 1 to 100/, { ...given, lockAfter: 0 }],
  [/^parallel: expected an integer from 2/, { ...given, parallel: 1 }],
])("throws at once: %s", (message, options) => {
  expect(() => define(options)).toThrow(message);
});

test("throws without a runner", () => {
  expect(() => testTwoFactorApp(undefined as never, given)).toThrow(
    /^describe: expected a function/,
  );
});

test("skips nothing if all options are set", () => {
  expect(define(given).skipped).toEqual([]);
});

test("no test depends on one that does not exist", () => {
  const attacks = attacksOn(resolveAppOptions(given));
  const names = new Set(attacks.map(({ name }) => name));
  const all = attacks.flatMap(({ dependsOn = [] }) => dependsOn);
  expect(all.filter((name) => !names.has(name))).toEqual([]);
});

test("skips a test if an option is missing, and names the option", () => {
  const { checks, skipped } = define(least);
  expect(skipped).toEqual(
    expect.arrayContaining([
      "calls that require a code (skipped: set guarded)",
      "turning two-factor off (skipped: set disable)",
      "calls that change something without a code (skipped: set changes)",
      "leaks: other paths contain no secret (skipped: set paths)",
      "sign-in: a correct code does not end the lock (skipped: set advance)",
      "backup code: it works only once (skipped: set sendBackupCode)",
      "setup: the client cannot choose the secret (skipped: set createUserWithoutTotp, beginSetup, and confirmSetup)",
    ]),
  );
  expect(checks.size).toBeGreaterThan(20);
  const all = define(given).checks;
  expect([...checks.keys()].filter((name) => !all.has(name))).toEqual([]);
});

test("without `advance`, skips calls of a signed-in user, which require a second code", () => {
  const { skipped } = define({ ...least, disable: given.disable });
  expect(skipped).toContain("disable: a correct code is accepted (skipped: set advance)");
});

test("a runner that cannot skip gets a test that passes", async () => {
  const names: string[] = [];
  const runner = {
    describe: (_: string, defineAll: () => void) => defineAll(),
    it: (name: string) => names.push(name),
  };
  testTwoFactorApp(runner, least);
  expect(names).toContain("turning two-factor off (skipped: set disable)");
});
