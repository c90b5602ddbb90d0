// Lints an OpenAPI document, read from standard input, by Redocly's recommended rules. Prints what it finds.
import { text } from "node:stream/consumers";
import { createConfig, lintFromString } from "@redocly/openapi-core";

const config = await createConfig({ extends: ["recommended"] });
const source = await text(process.stdin);
const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
for (const { severity, ruleId, message, location } of problems) {
  console.log(`${severity} ${ruleId} at ${location[0]?.pointer}: ${message}`);
}
process.exitCode = problems.length > 0 ? 1 : 0;
