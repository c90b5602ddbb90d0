// Writes the static OpenAPI document, for those who read it without running anything.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createOpenApiDocument } from "../lib/openapi/index.js";

const target = path.join(import.meta.dirname, "../openapi.json");
writeFileSync(target, `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`);
