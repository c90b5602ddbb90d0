import { createFlawedStore, flawed, type Row } from "../flawed-store.js";
import {
  AFTER_ALL,
  AFTER_DELETION,
  AT_ONCE,
  COPIES,
  DELETES,
  DROPS,
  KEEPS,
  LONGER,
  NOT_BEFORE,
  timeOf,
  UNDEFINED,
  WITHOUT,
} from "./expiry-checks.js";
import type { Fault } from "./fault.js";

export const EXPIRY_FAULTS: readonly Fault[] = [
  {
    fault: "takes milliseconds for seconds",
    build: flawed({ expiryOf: (options) => timeOf(options?.expiresAt) / 1000 }),
    fails: [KEEPS, COPIES, NOT_BEFORE, WITHOUT, UNDEFINED, LONGER],
    says: /gone before its expiresAt\. Check seconds and milliseconds/,
  },
  {
    fault: "looks at the options of the call later on",
    build: flawed({ isOver: ({ options }) => timeOf(options?.expiresAt) <= Date.now() }),
    fails: [COPIES],
    says: /options were changed after the call/,
  },
  {
    fault: "looks at the Date of the call later on",
    build: flawed({ isOver: ({ date }) => timeOf(date) <= Date.now() }),
    fails: [COPIES],
    says: /Date in expiresAt was changed after the call/,
  },
  {
    fault: "cannot keep the year 1970",
    build: flawed({
      expiryOf(options) {
        if (options?.expiresAt?.getTime() === 0) throw new RangeError("out of range");
        return timeOf(options?.expiresAt);
      },
    }),
    fails: [DELETES],
    says: /"a", undefined, { expiresAt: 1970-01-01T00:00:00.000Z }\) failed: out of range$/,
  },
  {
    fault: "never drops a value",
    build: flawed({ isOver: () => false }),
    fails: [DROPS, NOT_BEFORE, AT_ONCE, WITHOUT, UNDEFINED, AFTER_DELETION, LONGER, AFTER_ALL],
    says: /long after its expiresAt.+expires: false.+returned "a" 5 s after/s,
  },
  {
    fault: "replaces a value that has expired",
    build: () => () => {
      const rows = new Map<string, Row>();
      const store = createFlawedStore({ isOver: () => false }, rows);
      const { get } = createFlawedStore({}, rows);
      return { ...store, get };
    },
    fails: [DROPS, AT_ONCE],
    says: /expired must not count as the expected one.+returned true/s,
  },
  {
    fault: "cuts times to seconds",
    build: flawed({
      expiryOf: (options) => Math.floor(timeOf(options?.expiresAt) / 1000) * 1000,
    }),
    fails: [NOT_BEFORE],
    says: /round times up, not down.+gone at least \d{3} ms early/s,
  },
  {
    fault: "takes a time that is past for none",
    build: flawed({
      expiryOf: (options) => {
        const time = timeOf(options?.expiresAt);
        return time < Date.now() - 1000 ? Infinity : time;
      },
    }),
    fails: [AT_ONCE],
    says: /that had already expired was returned/,
  },
];
