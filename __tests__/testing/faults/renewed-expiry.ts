import { createStoreAround, flawed, type Row } from "../flawed-store.js";
import {
  AFTER_ALL,
  AFTER_DELETION,
  AT_ONCE,
  DELETES,
  DROPS,
  LONGER,
  timeOf,
  UNDEFINED,
  WITHOUT,
} from "./expiry-checks.js";
import type { Fault } from "./fault.js";

const isLive = (row: Row | undefined) => row?.value !== undefined && row.expiresAt > Date.now();

/** Keeps the expiry of the previous value if that has expired. */
const keepingTimeOf = (ended: "deleted" | "expired") => () => () => {
  const times = new Map<string, Date>();
  return createStoreAround(async ({ user, expected, next, options }, proceed, store) => {
    const left = times.get(user);
    if (next !== undefined && options?.expiresAt) times.set(user, options.expiresAt);
    const isKept = left && (left.getTime() <= Date.now() ? "expired" : "deleted") === ended;
    if (!isKept || options || expected !== undefined) return proceed();
    return store.compareAndSet(user, expected, next, { expiresAt: left });
  });
};

export const RENEWED_EXPIRY_FAULTS: readonly Fault[] = [
  {
    fault: "keeps the time that was, where a write has no options",
    build: flawed({
      expiryOf: (options, before) =>
        isLive(before) && !options ? timeOf(before?.date) : timeOf(options?.expiresAt),
    }),
    fails: [WITHOUT],
    says: /without expiresAt must remove the expiry of the value/,
  },
  {
    fault: "takes an expiresAt of undefined for a time",
    build: flawed({
      expiryOf: (options) => (options ? Number(options.expiresAt?.getTime() ?? 0) : Infinity),
    }),
    fails: [UNDEFINED],
    says: /An expiresAt of undefined must remove the expiry/,
  },
  {
    fault: "keeps the time that came with a deletion",
    build: flawed({
      expiryOf: (options, before) =>
        timeOf(options?.expiresAt ?? (before?.value === undefined ? before?.date : undefined)),
    }),
    fails: [DELETES],
    says: /If next is undefined, expiresAt has no meaning.+returned undefined instead of "a"/s,
  },
  {
    fault: "keeps the time of a value that was deleted",
    build: keepingTimeOf("deleted"),
    fails: [AFTER_DELETION],
    says: /deletion must also delete the expiry of the value/,
  },
  {
    fault: "keeps the time of a value that has expired",
    build: keepingTimeOf("expired"),
    fails: [DROPS, AT_ONCE],
    says: /also replace the expiry/,
  },
  {
    fault: "takes only the first time that it is given",
    build: flawed({
      expiryOf: (options, before) =>
        isLive(before) && before?.date && options?.expiresAt
          ? timeOf(before.date)
          : timeOf(options?.expiresAt),
    }),
    fails: [LONGER],
    says: /later expiresAt must postpone the expiry/,
  },
  {
    fault: "takes a time only where a value is set",
    build: flawed({
      expiryOf: (options, before) =>
        isLive(before) && !before?.date ? Infinity : timeOf(options?.expiresAt),
    }),
    fails: [AFTER_ALL],
    says: /must expire if it is written again with expiresAt/,
  },
];
