const { readdirSync, readFileSync } = require("node:fs");
const path = require("node:path");
const { transformSync } = require("@swc/core");
const config = require("./jest.config.cjs");

/**
 * Whether a module has nothing but types: it is never loaded, and has no line that could run.
 *
 * @param {string} file
 */
function hasTypesAlone(file) {
  if (file.endsWith(".d.ts")) return true;
  const source = readFileSync(path.join(__dirname, file), "utf8");
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  });
  return code.replace(/\/\*[\s\S]*?\*\/|\/\/.*|export\s*\{\s*\};?/g, "").trim() === "";
}

const modules = readdirSync(path.join(__dirname, "lib"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `lib/${name}`);

/** @type {import("jest").Config} */
module.exports = {
  ...config,
  // The slow tests that run in this process count as well.
  testPathIgnorePatterns: [
    "/node_modules/",
    "/\\.stryker-tmp/",
    "(?<!app-kit|leaks)\\.slow\\.test\\.ts$",
  ],
  collectCoverage: true,
  coverageProvider: "v8",
  collectCoverageFrom: modules.filter((file) => !hasTypesAlone(file)),
  coverageReporters: ["text-summary", ["text", { skipFull: true }]],
  coverageThreshold: { global: { lines: 99, branches: 97 } },
};
