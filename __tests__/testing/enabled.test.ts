import { createStoreAround } from "./flawed-store.js";
import { failuresOf, record } from "./recording-runner.js";

const QUICK = { expires: false, parallel: 10 };
const NEW = "the column is false for a new user";
const FOLLOWS = "the column has the isEnabled of the last write";
const SAME = "the column changes even if the value does not";
const REFUSED = "the column does not change if a write is refused";
const DELETED = "the column is false after a deletion";

interface Write {
  won: boolean;
  isSame: boolean;
  next: string | undefined;
  isEnabled: boolean | undefined;
}

/** Creates a store with a column for isEnabled. `columnOf` returns its value after a write. */
function createMirror(columnOf: (write: Write, before: boolean) => boolean, byDefault = false) {
  const column = new Map<string, boolean>();
  const readEnabled = (user: string) => column.get(user) ?? byDefault;
  const store = createStoreAround(async ({ user, expected, next, options }, proceed) => {
    const won = await proceed();
    const write = { won, isSame: expected === next, next, isEnabled: options?.isEnabled };
    column.set(user, columnOf(write, readEnabled(user)));
    return won;
  });
  return failuresOf(() => store, { ...QUICK, readEnabled });
}

const isOn = ({ next, isEnabled = false }: Write) => next !== undefined && isEnabled;
const sound = (write: Write, before: boolean) => (write.won ? isOn(write) : before);

test("a store that mirrors isEnabled passes", async () => {
  expect(await createMirror(sound)).toEqual({});
});

test("a driver that does not reject with an error is quoted, with the call", async () => {
  const store = createStoreAround(async ({ options }, proceed) => {
    if (options?.isEnabled) throw "no such column: enabled";
    return proceed();
  });
  const failures = await failuresOf(() => store, { ...QUICK, readEnabled: () => false });
  expect(failures[FOLLOWS]).toMatch(
    /^compareAndSet\(.+, \{ isEnabled: true \}\) failed: no such column: enabled$/,
  );
});

test.each<[string, string[], Parameters<typeof createMirror>]>([
  ["says on by default", [NEW], [sound, true]],
  ["never says on", [FOLLOWS, SAME, REFUSED], [() => false]],
  [
    "leaves the column as it was where isEnabled is missing",
    [FOLLOWS, DELETED],
    [(write, before) => (write.won ? (write.isEnabled ?? before) : before)],
  ],
  [
    "writes nothing where the value is the same",
    [SAME],
    [(write, before) => (write.isSame ? before : sound(write, before))],
  ],
  ["writes the column first", [REFUSED], [isOn]],
  [
    "takes isEnabled from a deletion too",
    [DELETED],
    [(write, before) => (write.won ? Boolean(write.isEnabled) : before)],
  ],
])("finds: %s", async (_, fails, [columnOf, byDefault]) => {
  const failures = await createMirror(columnOf, byDefault);
  expect(Object.keys(failures)).toEqual(fails);
  expect(failures[String(fails[0])]).toMatch(
    /readEnabled\("user-.+"\) returned (true|false) instead/,
  );
});

test("without readEnabled, the checks are omitted; it must return booleans", async () => {
  const store = createStoreAround((_, proceed) => proceed());
  const names = [...record(() => store, QUICK).keys()];
  expect(names.filter((name) => [NEW, FOLLOWS, SAME, REFUSED, DELETED].includes(name))).toEqual([]);
  const readEnabled = () => 0 as unknown as boolean;
  const failures = await failuresOf(() => store, { ...QUICK, readEnabled });
  expect(failures[NEW]).toMatch(/returned 0 \(number\) instead of false/);
});
