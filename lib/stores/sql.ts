import { invalid, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import type { TotpStore } from "./store.js";

/** Options of a store that keeps its values in a table of its own. */
export interface OwnTableOptions {
  /**
   * The table, as `createTable()` makes it; `schema.table` too. The name is taken to the letter.
   *
   * @default "totp_states"
   */
  table?: string | undefined;
  /** Given, the values are kept in that column of the app's own table; see {@link UserColumnOptions}. */
  column?: undefined;
  userIdColumn?: undefined;
  enabledColumn?: undefined;
}

/**
 * Options of a store that keeps its values in one nullable text column of the app's own table of users.
 * The app makes the rows: for a user without one there is no value, and none can be set. Which ids are of
 * the same user is what the id column holds equal. Values are not dropped at their expiry there, which
 * changes nothing of what they are worth.
 */
export interface UserColumnOptions {
  /** The app's table of users; `schema.table` too. The name is taken to the letter, as all names are. */
  table: string;
  /** The nullable text column that holds the values. It needs room for 64 KB. */
  column: string;
  /**
   * The column with the user's id, of any type that the database compares with a text: integer, UUID or
   * text. It has to be unique. An id that its type cannot hold may be an error of the database.
   *
   * @default "id"
   */
  userIdColumn?: string | undefined;
  /**
   * A boolean column of the same table that says whether the user has TOTP on. It is written together with the
   * value, and is for reports: "who has two-factor on". A sign-in asks the service.
   *
   * @default none
   */
  enabledColumn?: string | undefined;
}

/** A store over a table of its own. */
export interface TableStore extends TotpStore {
  /**
   * Makes the table where it does not exist. Any number of processes may call it at once.
   *
   * @returns the SQL that was run, for an app that has its own migrations.
   */
  createTable(): Promise<string>;
}

/** Names as they stand in a statement, checked and quoted. */
export type SqlTarget = TableTarget | ColumnTarget;

export interface TableTarget {
  table: string;
  column: undefined;
}

export interface ColumnTarget {
  table: string;
  column: string;
  userIdColumn: string;
  enabledColumn: string | undefined;
}

const OPTION_NAMES = Object.keys({
  table: true,
  column: true,
  userIdColumn: true,
  enabledColumn: true,
} satisfies Record<keyof UserColumnOptions, true>);

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveSqlTarget(options: unknown, of: string, quote: '"' | "`"): SqlTarget {
  const given = optionsObject(options, of) as Partial<UserColumnOptions>;
  rejectUnknownOptions(given, OPTION_NAMES);
  const { table, column, userIdColumn, enabledColumn } = given;
  if (column !== undefined) {
    return {
      table: quoteName("table", table, quote, 2),
      column: quoteName("column", column, quote),
      userIdColumn: quoteName("userIdColumn", userIdColumn ?? "id", quote),
      enabledColumn:
        enabledColumn === undefined ? undefined : quoteName("enabledColumn", enabledColumn, quote),
    };
  }
  for (const [name, given] of Object.entries({ userIdColumn, enabledColumn })) {
    if (given === undefined) continue;
    const expected = `the name of the column for the values, as ${name} is given`;
    invalid(
      "column",
      expected,
      column,
      `Leave ${name} out to keep the values in a table of their own.`,
    );
  }
  return { table: quoteName("table", table ?? "totp_states", quote, 2), column: undefined };
}

/** Names cannot be parameters of a statement: what is in none of these letters cannot end the quotes. */
const NAME = /^[\p{L}_][\p{L}\p{N}_$]*$/u;
/** PostgreSQL cuts longer names, and may then mean another table. */
const LONGEST_NAME_BYTES = 63;

function quoteName(option: string, value: unknown, quote: string, mostParts = 1): string {
  const parts = typeof value === "string" ? value.split(".") : [];
  const fits = (part: string) => NAME.test(part) && Buffer.byteLength(part) <= LONGEST_NAME_BYTES;
  if (parts.length > 0 && parts.length <= mostParts && parts.every(fits)) {
    return parts.map((part) => quote + part + quote).join(".");
  }
  const qualified = mostParts > 1 ? ", schema.table too" : "";
  const expected = `a name of letters, digits and underscores, up to ${LONGEST_NAME_BYTES} bytes long${qualified}`;
  return invalid(option, expected, value);
}

/** The parts of the name of a table's index, from the quoted name of the table. */
export function indexName(table: string): { schema: string; name: string; on: string } {
  const on = table.split(".").at(-1) ?? table;
  // In front, where PostgreSQL does not cut a name that is too long: it would be that of the table.
  const name = `${on.charAt(0)}is_enabled_${on.slice(1)}`;
  return { schema: table.slice(0, -on.length), name, on };
}

/** A statement that the engine gave up in favor of another one has changed nothing, and is run again. */
const TRIES = 8;

/** Runs a statement again where it failed with one of these codes; any other error is the caller's. */
export async function retryOn<T>(
  codes: readonly unknown[],
  statement: () => PromiseLike<T>,
): Promise<T> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await statement();
    } catch (error) {
      if (left === 0 || !codes.includes((error as { code?: unknown } | null)?.code)) throw error;
    }
  }
}
