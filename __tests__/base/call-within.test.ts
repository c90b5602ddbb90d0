import { callWithin } from "../../lib/base/call-within.js";
import { TotpTimeoutError } from "../../lib/base/errors.js";
import { seeErrors } from "../helpers/see-errors.js";
import { watchTimers } from "../helpers/timers.js";

const FOREVER = new Promise<never>(() => {});
const AN_HOUR = 3_600_000;

let timers: ReturnType<typeof watchTimers>;
beforeEach(() => {
  timers = watchTimers(AN_HOUR);
});
afterEach(() => timers.stopWatching());

test("a synchronous answer comes back as it is, with no timer", () => {
  expect(callWithin("authenticate", AN_HOUR, () => "ada")).toBe("ada");
  expect(timers.started()).toBe(0);
});

test.each([
  ["resolved", () => Promise.resolve("ada")],
  ["rejected", () => Promise.reject(new Error("down"))],
])("no timer is left when the promise is %s", async (_, call) => {
  await Promise.resolve(callWithin<string>("authenticate", AN_HOUR, call)).catch(() => {});
  expect([timers.started(), timers.running()]).toEqual([1, 0]);
});

test("a callback that never answers is given up after the time, and named", async () => {
  const waiting = callWithin("authenticate", 5, () => FOREVER);
  await expect(waiting).rejects.toThrow(TotpTimeoutError);
  await expect(waiting).rejects.toMatchObject({
    code: "CALLBACK_TIMEOUT",
    callback: "authenticate",
    timeoutMs: 5,
    status: 503,
    message: `authenticate took longer than 5 ms (option timeoutMs).${seeErrors("CALLBACK_TIMEOUT")}`,
  });
});

test("a rejection that comes after the time is dropped, not left unhandled", async () => {
  const unhandled = jest.fn();
  process.on("unhandledRejection", unhandled);
  let fail = (_: Error) => {};
  const late = new Promise<never>((_, reject) => {
    fail = reject;
  });
  await expect(callWithin("authenticate", 5, () => late)).rejects.toThrow(TotpTimeoutError);
  fail(new Error("too late"));
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

test("a query builder, which runs its query at each `then`, runs it once", async () => {
  let queries = 0;
  const builder: PromiseLike<string> = {
    // biome-ignore lint/suspicious/noThenProperty: this is what query builders are
    then: (fulfilled, rejected) => {
      queries += 1;
      return Promise.resolve("ada").then(fulfilled, rejected);
    },
  };
  await expect(callWithin("authenticate", AN_HOUR, () => builder)).resolves.toBe("ada");
  expect(queries).toBe(1);
});

test("a `then` that throws is a rejection and leaves no timer", async () => {
  const broken: PromiseLike<string> = {
    // biome-ignore lint/suspicious/noThenProperty: so that it can throw
    then: () => {
      throw new Error("broken");
    },
  };
  await expect(callWithin("authenticate", AN_HOUR, () => broken)).rejects.toThrow("broken");
  expect([timers.started(), timers.running()]).toEqual([1, 0]);
});
