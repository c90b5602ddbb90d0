import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./lib-modules.js";

const readme = readFileSync(path.join(ROOT, "README.md"), "utf8").replaceAll(/\s+/g, " ");
const versions = readFileSync(path.join(ROOT, ".ci/consumers/versions.mjs"), "utf8");

test.each([
  ["Bun", /BUN = "(\d+\.\d+)/],
  ["Deno", /DENO = "(\d+\.\d+)/],
  ["TypeScript", /npm:typescript@(\d+\.\d+)/],
])("README.md names the %s version that CI tests", (name, pattern) => {
  const version = pattern.exec(versions)?.[1];
  expect(version).toBeDefined();
  expect(readme).toContain(`${name} ${version}`);
});

test("CI runs no HTTP test on other releases of Node that was renamed or removed", () => {
  const ci = readFileSync(path.join(ROOT, ".ci/run"), "utf8");
  const names = /^HTTP_TESTS='(.+)'$/m.exec(ci)?.[1]?.split("|") ?? [];
  expect(names).toContain("hang-ups");
  const exists = (name: string) => existsSync(path.join(ROOT, `__tests__/http/${name}.test.ts`));
  expect(names.filter((name) => !exists(name))).toEqual([]);
});
