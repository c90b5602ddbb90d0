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
  [/^paths: expected an array of paths/, { ...given, paths: ["status"] }],
  [/^lockAfter: expected an integer from 1 to 100/, { ...given, lockAfter: 0 }],
  [/^parallel: expected an integer from 2/, { ...given, parallel: 1 }],
])("throws at once: %s", (message, options) => {
  expect(() => define(options)).toThrow(message);
});

test("a runner has to be given", () => {
  expect(() => testTwoFactorApp(undefined as never, given)).toThrow(
    /^describe: expected a function/,
  );
});

test("an app of which everything is known is tested in every way", () => {
  expect(define(given).skipped).toEqual([]);
});

test("no test depends on one that does not exist", () => {
  const attacks = attacksOn(resolveAppOptions(given));
  const names = new Set(attacks.map(({ name }) => name));
  const all = attacks.flatMap(({ dependsOn = [] }) => dependsOn);
  expect(all.filter((name) => !names.has(name))).toEqual([]);
});

test("what cannot be tested is skipped, and says what to give", () => {
  const { checks, skipped } = define(least);
  expect(skipped).toEqual(
    expect.arrayContaining([
      "calls that need a fresh code (not tested: give guarded)",
      "turning two-factor off (not tested: give disable)",
      "calls that change something without a code (not tested: give changes)",
      "leaks: further paths have no secret (not tested: give paths)",
      "sign-in: a right code does not end the lock (not tested: give advance)",
      "backup code: it signs in once (not tested: give sendBackupCode)",
      "setup: the client cannot choose the secret (not tested: give createUserWithoutTotp, beginSetup and confirmSetup)",
    ]),
  );
  expect(checks.size).toBeGreaterThan(20);
  const all = define(given).checks;
  expect([...checks.keys()].filter((name) => !all.has(name))).toEqual([]);
});

test("without `advance`, calls of a signed-in user are skipped: they take a second code", () => {
  const { skipped } = define({ ...least, disable: given.disable });
  expect(skipped).toContain("disable: a right code opens it (not tested: give advance)");
});

test("a runner that cannot skip gets a test that passes", async () => {
  const names: string[] = [];
  const runner = {
    describe: (_: string, defineAll: () => void) => defineAll(),
    it: (name: string) => names.push(name),
  };
  testTwoFactorApp(runner, least);
  expect(names).toContain("turning two-factor off (not tested: give disable)");
});
