/**
 * A part of `lib`, and the tests that are to notice what changes in it, its own first. Globs, from the top of the
 * project.
 */
export interface Area {
  files: readonly string[];
  tests: readonly string[];
}

const files = (folder: string) => `lib/${folder}/**/*.ts`;
const tests = (folder: string) => `__tests__/${folder}/**/!(*.slow).test.ts`;

// Start engines, play through a year, or try every order of some calls.
const LONG_TESTS = [
  "!__tests__/service/{crash-points,engines,interleavings}.test.ts",
  "!__tests__/threats/{attack-kit,guessing,leaks,lock-as-weapon,qr-codes}.test.ts",
];

// Runs the compiler: what types refuse is no mutant.
const EXPRESS_TESTS = [tests("express"), "!__tests__/express/exact-optional-types.test.ts"];

// Needs both releases of Express, while a mutant runs on one; and many requests.
const HTTP_TESTS = [
  tests("http"),
  "!__tests__/http/{fuzz,mixed-versions,setup-crash-points}.test.ts",
];

export const AREAS: Readonly<Record<string, Area>> = {
  otp: {
    files: [files("otp")],
    // Without the one that starts a program for each code: others know the codes from the RFC.
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
    tests: [
      tests("service/machine"),
      "__tests__/service/{devices,login,pending,proof,same-work}.test.ts",
      "__tests__/threats/{login-sessions,one-time-use,pending-setups,trusted-devices}.test.ts",
    ],
  },
  storage: {
    files: [files("service/storage")],
    tests: [
      tests("service/storage"),
      "__tests__/service/{devices,encryption,login,pending}.test.ts",
    ],
  },
  service: {
    files: ["lib/service/*.ts"],
    tests: ["__tests__/service/*.test.ts", tests("threats"), ...LONG_TESTS],
  },
  express: {
    files: [files("express")],
    tests: [...EXPRESS_TESTS, ...HTTP_TESTS],
  },
  http: {
    files: [files("http")],
    // Checks of options, and cookies, are tested by what uses them.
    tests: [...HTTP_TESTS, "__tests__/express/*-options.test.ts", "__tests__/pages/setup.test.ts"],
  },
  pages: {
    // Texts, a style sheet and a script for browsers.
    files: [files("pages"), "!lib/pages/texts.ts", "!lib/pages/assets/{style,script}.ts"],
    tests: [tests("pages")],
  },
};
