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
  extensionsToTreatAsEsm: [],
  moduleNameMapper: {
    "^express-totp-setup$": "<rootDir>/lib/index.ts",
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
  transform: {
    "\\.ts$": swc("typescript"),
    // ES modules only, below otplib: Jest on Node 20 cannot require them as they are.
    "node_modules/@(noble|scure)/.+\\.js$": swc("ecmascript"),
  },
  transformIgnorePatterns: ["/node_modules/(?!@(noble|scure)/)"],
};
