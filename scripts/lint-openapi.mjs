// Lints an OpenAPI document, read from standard input, by the strict rules of Redocly and by spectral:oas.
// Prints what they find.
import { text } from "node:stream/consumers";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import spectral from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";

const source = await text(process.stdin);

const config = await createConfig({ extends: ["recommended-strict"] });
const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
const found = problems.map(
  ({ severity, ruleId, message, location }) =>
    `${severity} ${ruleId} at ${location[0]?.pointer}: ${message}`,
);

const linter = new spectral.Spectral();
// Its own types do not fit each other.
linter.setRuleset({ extends: [/** @type {any} */ (rulesets.oas)] });
for (const { severity, code, message, path } of await linter.run(source)) {
  const level = ["error", "warn", "info", "hint"][severity];
  found.push(`${level} spectral ${code} at ${path.join("/")}: ${message}`);
}

for (const line of found) console.log(line);
process.exitCode = found.length > 0 ? 1 : 0;
