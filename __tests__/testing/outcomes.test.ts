import type { Attack } from "../../lib/testing/attacks/attack.js";
import { inOrder } from "../../lib/testing/attacks/outcomes.js";

/** Runs attacks of which some fail, and returns what each was and how it ended. */
async function run(
  dependencies: Readonly<Record<string, string[] | undefined>>,
  failing: string[],
) {
  const attacks = Object.entries(dependencies).map(
    ([name, dependsOn]): Attack => ({ name, dependsOn, run: async () => {} }) as Attack,
  );
  const tried: string[] = [];
  const runInOrder = inOrder(attacks, async ({ name }) => {
    tried.push(name);
    if (failing.includes(name)) throw new Error(`${name} is vulnerable`);
  });
  const outcomes = await Promise.allSettled(attacks.map(runInOrder));
  const messages = outcomes.map((outcome) =>
    outcome.status === "fulfilled" ? "" : (outcome.reason as Error).message,
  );
  return { tried, messages };
}

test("each attack runs once, after those that it depends on", async () => {
  const { tried, messages } = await run({ c: ["b", "a"], b: ["a"], a: undefined }, []);
  expect(tried).toEqual(["a", "b", "c"]);
  expect(messages).toEqual(["", "", ""]);
});

test("one that depends on a failed one is not tried, and names the first that failed", async () => {
  const { tried, messages } = await run({ a: undefined, b: ["a"], c: ["b"], d: ["x"] }, ["a"]);
  expect(tried).toEqual(["a", "d"]);
  const notTried = 'Not tried, because "a" failed. Fix that first.';
  expect(messages).toEqual(["a is vulnerable", notTried, notTried, ""]);
});
