import { TotpConfigError } from "express-totp-setup";
import type { OptionTable } from "../../lib/base/options.js";
import { thrownBy } from "./thrown-by.js";

interface Wrongly {
  resolve(name: string, value: unknown): unknown;
}

/** What the error for a wrong value says that each option of a table expects. */
export function expectationsOf(table: OptionTable): Record<string, string> {
  const options = Object.entries(table as Record<string, Wrongly>);
  return Object.fromEntries(
    options.map(([name, option]) => {
      const error = thrownBy(() => option.resolve(name, Symbol("wrong")));
      if (!(error instanceof TotpConfigError)) throw error;
      return [name, error.expected];
    }),
  );
}
