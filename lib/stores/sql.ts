import { invalid, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import type { TotpStore } from "./store.js";

/**
 * Options of a store that uses its own table.
 *
 * @example
 * ```ts
 * import { Pool } from "pg";
 *
 * const options: OwnTableOptions = { table: "auth.totp_states" };
 * const store = createPostgresStore(new Pool(), options);
 * ```
 */
export interface OwnTableOptions {
  /**
   * The table, which `createTable()` creates. Can be `schema.table`. The name is quoted, so its case can matter.
   *
   * @default "totp_states"
   */
  table?: string | undefined;
  /** If set, the values are stored in this column of the app's own table: see {@link UserColumnOptions}. */
  column?: undefined;
  /** Only with `column`. */
  userIdColumn?: undefined;
  /** Only with `column`. */
  enabledColumn?: undefined;
}

/**
 * Options of a store that uses a nullable text column of the app's own users table. The app creates the rows: nothing
 * can be stored for a user without one. Two ids are the same user if the id column treats them as equal. Expired values
 * are not removed, which does not make them valid again.
 *
 * @example
 * ```ts
 * import { Pool } from "pg";
 *
 * const options: UserColumnOptions = { table: "users", column: "totp", enabledColumn: "has_totp" };
 * const store = createPostgresStore(new Pool(), options);
 * ```
 */
export interface UserColumnOptions {
  /** The app's users table. Can be `schema.table`. Like all names, it is quoted, so its case can matter. */
  table: string;
  /** The nullable text column for the values. Requires room for 64 KB. */
  column: string;
  /**
   * The column with the user's id. It must be unique, and of a type that the database compares with text, such as
   * integer, UUID, or text. An id that this type cannot represent can be an error of the database.
   *
   * @default "id"
   */
  userIdColumn?: string | undefined;
  /**
   * A boolean column of the same table for reports: whether the user has TOTP on. It is written together with the
   * value. To decide at login, call the service instead.
   *
   * @default none
   */
  enabledColumn?: string | undefined;
}

/**
 * A store in its own table.
 *
 * @example
 * ```ts
 * import { Pool } from "pg";
 *
 * const store: TableStore = createPostgresStore(new Pool());
 * console.log(await store.createTable()); // CREATE TABLE IF NOT EXISTS …
 * ```
 */
export interface TableStore extends TotpStore {
  /**
   * Creates the table if it does not exist. Any number of processes can call it at the same time.
   *
   * @returns The SQL that was run, for apps with their own migrations.
   */
  createTable(): Promise<string>;
}

/** Names for a statement, checked and quoted. */
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

/** @throws {@link TotpConfigError} for the first invalid option. */
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
    const expected = `the name of the column for the values, because ${name} is set`;
    invalid("column", expected, column, `Omit ${name} to use a separate table.`);
  }
  return { table: quoteName("table", table ?? "totp_states", quote, 2), column: undefined };
}

/** Names cannot be parameters of a statement. None of these characters can end the quotes. */
const NAME = /^[\p{L}_][\p{L}\p{N}_$]*$/u;
/** PostgreSQL truncates longer names, and could then use another table. */
const LONGEST_NAME_BYTES = 63;

function quoteName(option: string, value: unknown, quote: string, mostParts = 1): string {
  const parts = typeof value === "string" ? value.split(".") : [];
  const fits = (part: string) => NAME.test(part) && Buffer.byteLength(part) <= LONGEST_NAME_BYTES;
  if (parts.length > 0 && parts.length <= mostParts && parts.every(fits)) {
    return parts.map((part) => quote + part + quote).join(".");
  }
  const qualified = mostParts > 1 ? ", or schema.table" : "";
  const expected = `a name of letters, digits, and underscores, up to ${LONGEST_NAME_BYTES} bytes long${qualified}`;
  return invalid(option, expected, value);
}

/** Derives the name of a table's index from the quoted name of the table. */
export function indexName(table: string): { schema: string; name: string; on: string } {
  const on = table.slice(table.lastIndexOf(".") + 1);
  // As a prefix, because PostgreSQL truncates long names at the end: with a suffix, it could be the table's name.
  const name = `${on.charAt(0)}is_enabled_${on.slice(1)}`;
  return { schema: table.slice(0, -on.length), name, on };
}

const TRIES = 8;

/** Runs a statement again if it failed with one of these codes, in which case it has changed nothing. */
export async function retryOn<T>(
  codes: readonly unknown[],
  statement: () => PromiseLike<T>,
): Promise<T> {
  for (let failed = 0; failed < TRIES - 1; failed++) {
    try {
      return await statement();
    } catch (error) {
      if (!codes.includes((error as { code?: unknown } | null)?.code)) throw error;
    }
  }
  return statement();
}
