import { resolveAppOptions } from "./app/options.js";
import { createAppTrial } from "./app/trial.js";
import type { TwoFactorAppOptions } from "./app/two-factor-app.js";
import { inOrder } from "./attacks/outcomes.js";
import { attacksOn, missingFor } from "./attacks/table.js";
import { checkRunner, defineTests, type TestRunner } from "./runner.js";

/**
 * Defines tests that attack an app with two-factor over HTTP. The app can use this library or any other. A test is skipped
 * if an option that it requires is missing, and its name says which. If a test fails that others depend on, they fail with
 * the message `Not tried, because …`.
 *
 * @param runner - `describe` and `it` of your test runner.
 * @throws `TotpConfigError` if an option is missing, unknown, or invalid.
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 *
 * async function addUserWithTotp() {
 *   const [email, secret] = [`${crypto.randomUUID()}@example.com`, generateSecret()];
 *   await totp.importEnrollment(email, { secret, encoding: "base32" });
 *   return { email, secret };
 * }
 *
 * testTwoFactorApp({ describe, it }, {
 *   url: "http://127.0.0.1:3000",
 *   createUser: addUserWithTotp,
 *   signIn: (client, { email }) =>
 *     client.send("POST /login", { json: { email, password: "correct horse" } }),
 *   sendCode: (client, code) => client.send("POST /login/code", { json: { code } }),
 *   isSignedIn: async (client) => (await client.send("GET /account")).status === 200,
 * });
 * ```
 */
export function testTwoFactorApp<User extends object, Login>(
  runner: TestRunner,
  options: TwoFactorAppOptions<User, Login>,
): void {
  const checked = checkRunner(runner);
  const config = resolveAppOptions(options);
  const attacks = attacksOn(config);
  const possible = attacks.filter((attack) => missingFor(attack, config).length === 0);
  const run = inOrder(possible, (attack) => attack.run(createAppTrial(config)));
  const tests = attacks.map((attack) => {
    const missing = missingFor(attack, config);
    if (missing.length > 0) {
      return { name: `${attack.name} (skipped: set ${listed(missing)})` };
    }
    return { name: attack.name, run: () => run(attack) };
  });
  defineTests(checked, "two-factor app", tests);
}

/** `a`, `a and b`, or `a, b, and c`. */
function listed(names: readonly string[]): string {
  return new Intl.ListFormat("en-US").format(names);
}
