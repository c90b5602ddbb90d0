/** A part of `lib`, and the tests that are to notice what changes in it. Globs, from the top of the project. */
export interface Area {
  files: readonly string[];
  tests: readonly string[];
}

const files = (folder: string) => `lib/${folder}/**/*.ts`;
const tests = (folder: string) => `__tests__/${folder}/**/!(*.slow).test.ts`;

const SERVICE_TESTS = [
  tests("service"),
  tests("threats"),
  // Starts engines.
  "!__tests__/service/engines.test.ts",
  // Play through a year, or try every order of some calls.
  "!__tests__/threats/{guessing,lock-as-weapon}.test.ts",
  "!__tests__/service/interleavings.test.ts",
  // Reads thousands of QR codes.
  "!__tests__/threats/qr-codes.test.ts",
];
const FAILING_STORES = "__tests__/service/storage/failing-store.test.ts";
// Runs the compiler: what types refuse is no mutant.
const EXPRESS_TESTS = [tests("express"), "!__tests__/express/exact-optional-types.test.ts"];

// Needs both releases of Express, where a mutant runs on one.
const HTTP_TESTS = [tests("http"), "!__tests__/http/mixed-versions.test.ts"];

export const AREAS: Readonly<Record<string, Area>> = {
  otp: {
    files: [files("otp")],
    // Starts a program a code, for the codes that other tests know from the RFC.
    tests: [tests("otp"), "!__tests__/otp/agreement.test.ts", "__tests__/threats/codes.test.ts"],
  },
  encryption: {
    files: [files("encryption")],
    tests: [tests("encryption"), "__tests__/service/encryption.test.ts"],
  },
  memory: {
    files: ["lib/stores/memory.ts"],
    tests: ["__tests__/stores/memory.test.ts"],
  },
  machine: {
    files: [files("service/machine")],
    tests: [...SERVICE_TESTS, `!${FAILING_STORES}`],
  },
  storage: {
    files: [files("service/storage")],
    tests: SERVICE_TESTS,
  },
  service: {
    files: ["lib/service/*.ts"],
    tests: SERVICE_TESTS,
  },
  express: {
    files: [files("express")],
    tests: [...EXPRESS_TESTS, ...HTTP_TESTS],
  },
  http: {
    files: [files("http")],
    tests: HTTP_TESTS,
  },
  pages: {
    // Texts, a style sheet and a script for browsers.
    files: [files("pages"), "!lib/pages/texts.ts", "!lib/pages/assets/{style,script}.ts"],
    tests: [tests("pages")],
  },
};
