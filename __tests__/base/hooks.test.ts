import { callHook } from "../../lib/base/hooks.js";

const failure = new Error("hook failed");
const throwing = () => {
  throw failure;
};
// biome-ignore lint/suspicious/noThenProperty: so that it can throw
const brokenThenable = Object.defineProperty({}, "then", { get: throwing });

test.each<[string, () => unknown]>([
  ["throws", throwing],
  ["rejects", () => Promise.reject(failure)],
  ["returns something whose `then` throws", () => brokenThenable],
])("a hook that %s breaks nothing, and its failure is handed on", async (_, hook) => {
  const failures: unknown[] = [];
  callHook(hook, (error) => failures.push(error));
  await new Promise((resolve) => setImmediate(resolve));
  expect(failures).toEqual([failure]);
});

test("nobody waits for a hook", () => {
  const onFailure = jest.fn();
  expect(callHook(() => new Promise(() => {}), onFailure)).toBeUndefined();
  expect(onFailure).not.toHaveBeenCalled();
});
