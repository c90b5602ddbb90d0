import { storedText, type TotpStore, wroteOneRow } from "express-totp-setup";
import type { Knex } from "knex";

export function createKnexStore(knex: Knex): TotpStore {
  return {
    async get(userId) {
      const user = await knex("users").where({ id: userId }).first("totp");
      return user ? storedText("createKnexStore", user.totp) : undefined;
    },
    async compareAndSet(userId, expected, next) {
      const matched = await knex("users")
        .where({ id: userId, totp: expected ?? null })
        .update({ totp: next ?? null });
      return wroteOneRow("createKnexStore", matched);
    },
  };
}
