import { TotpConfigError } from "express-totp-setup";
import { thrownBy } from "../thrown-by.js";

const INJECTIONS = [
  "users; DROP TABLE users",
  'users"; DROP TABLE users; --',
  "users`; DROP TABLE users; --",
  "users'--",
  "users WHERE 1 = 1",
  "a.b.c",
  ".users",
  "users.",
  "1users",
  "us ers",
  "users\0",
  "",
  "x".repeat(64),
  7,
];

/** What all stores over SQL refuse before they ask the database for anything. */
export function testSqlOptions(createStore: (options: never) => unknown): void {
  const inColumn = { table: "users", column: "totp" };

  function refuses(options: unknown, code: string, option: string): void {
    const error = thrownBy(() => createStore(options as never));
    expect(error).toBeInstanceOf(TotpConfigError);
    expect(error).toMatchObject({ code, option });
  }

  test.each(INJECTIONS)("refuses the name %j", (name) => {
    refuses({ table: name }, "INVALID_OPTION", "table");
    refuses({ ...inColumn, table: name }, "INVALID_OPTION", "table");
    refuses({ ...inColumn, column: name }, "INVALID_OPTION", "column");
    refuses({ ...inColumn, userIdColumn: name }, "INVALID_OPTION", "userIdColumn");
    refuses({ ...inColumn, enabledColumn: name }, "INVALID_OPTION", "enabledColumn");
  });

  test("refuses a column qualified by its table", () => {
    refuses({ ...inColumn, column: "users.totp" }, "INVALID_OPTION", "column");
  });

  test("refuses a column without its table", () => {
    refuses({ column: "totp" }, "MISSING_OPTION", "table");
  });

  test("refuses a column that says who is enabled without a column for the values", () => {
    refuses({ table: "users", enabledColumn: "is_enabled" }, "MISSING_OPTION", "column");
  });

  test("refuses an id column without a column for the values", () => {
    refuses({ table: "users", userIdColumn: "id" }, "MISSING_OPTION", "column");
  });

  test("refuses options that do not exist, and what is no options at all", () => {
    refuses({ tabel: "users" }, "UNKNOWN_OPTION", "tabel");
    expect(thrownBy(() => createStore("users" as never))).toBeInstanceOf(TotpConfigError);
  });
}

/** Refuses a client that it cannot work with, and shows nothing of it. */
export function refusesClient(createStore: () => unknown, fix: RegExp): void {
  const error = thrownBy(createStore);
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error.message).toMatch(fix);
  expect(error.message).not.toContain("password");
}
