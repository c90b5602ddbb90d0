import { storedText, type TotpStore, wroteOneRow } from "express-totp-setup";
import type { Kysely } from "kysely";

export interface Database {
  users: { id: string; totp: string | null };
}

export function createKyselyStore(db: Kysely<Database>): TotpStore {
  return {
    async get(userId) {
      const query = db.selectFrom("users").select("totp").where("id", "=", userId);
      const user = await query.executeTakeFirst();
      return user ? storedText("createKyselyStore", user.totp) : undefined;
    },
    async compareAndSet(userId, expected, next) {
      const { numUpdatedRows } = await db
        .updateTable("users")
        .set({ totp: next ?? null })
        .where("id", "=", userId)
        .where("totp", expected === undefined ? "is" : "=", expected ?? null)
        .executeTakeFirst();
      return wroteOneRow("createKyselyStore", numUpdatedRows);
    },
  };
}
