import { writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Records that this machine lacks something that tests need. The run ends with one line that lists all of it;
 * under REQUIRE_ALL_TESTS, as in CI, it is an error.
 *
 * @param missing What is missing and how to install it: `MariaDB (Debian package mariadb-server)`.
 */
export function recordNotTested(missing: string, title: string): void {
  const { REQUIRE_ALL_TESTS, NOT_TESTED_FOLDER } = process.env;
  if (REQUIRE_ALL_TESTS) throw new Error(`Install ${missing} to test: ${title}`);
  // A file for each, as test files run in several processes.
  if (NOT_TESTED_FOLDER)
    writeFileSync(path.join(NOT_TESTED_FOLDER, encodeURIComponent(missing)), "");
}
