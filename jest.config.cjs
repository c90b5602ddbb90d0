const { availableParallelism } = require("node:os");
const { name, exports: entryPoints } = require("./package.json");

/** The package's own names lead to its sources, so that tests import what an app imports. */
const ownNames = Object.entries(entryPoints).flatMap(([entry, target]) => {
  if (typeof target === "string") return [];
  const built = target.import.default;
  const source = built.replace("./dist/esm/", "<rootDir>/lib/").replace(/\.js$/, ".ts");
  return [[`^${name}${entry.slice(1)}$`, source]];
});

/**
 * @param {"typescript" | "ecmascript"} syntax
 * @returns {[string, unknown]}
 */
const swc = (syntax) => [
  "@swc/jest",
  {
    jsc: { parser: { syntax }, target: "es2022" },
    module: { type: "commonjs" },
    sourceMaps: "inline",
  },
];

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  // Those are run by `npm run test:all`; see __tests__/README.md.
  testPathIgnorePatterns: ["/node_modules/", "\\.slow\\.test\\.ts$"],
  // Copies of the project with mutants in them, while `npm run trust -- mutation` runs.
  modulePathIgnorePatterns: ["<rootDir>/.stryker-tmp/"],
  globalSetup: "<rootDir>/__tests__/helpers/run/global-setup.mjs",
  globalTeardown: "<rootDir>/__tests__/helpers/run/global-teardown.mjs",
  // Room for a busy machine: no test waits for this long.
  testTimeout: 60_000,
  // Jest's default leaves one core idle, and tests wait for engines, browsers and other programs much of the time.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  moduleNameMapper: {
    ...Object.fromEntries(ownNames),
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
  transform: {
    "\\.ts$": swc("typescript"),
    // ES modules only, below otplib: Jest on Node 20 cannot require them as they are.
    "node_modules/@(noble|scure)/.+\\.js$": swc("ecmascript"),
  },
  transformIgnorePatterns: ["/node_modules/(?!@(noble|scure)/)"],
};
