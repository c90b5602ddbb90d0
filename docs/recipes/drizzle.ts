import { and, eq, isNull } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { pgTable, text } from "drizzle-orm/pg-core";
import { storedText, type TotpStore, wroteOneRow } from "express-totp-setup";

const users = pgTable("users", { id: text().primaryKey(), totp: text() });

export function createDrizzleStore(db: NodePgDatabase): TotpStore {
  return {
    async get(userId) {
      const [user] = await db.select({ totp: users.totp }).from(users).where(eq(users.id, userId));
      return user ? storedText("createDrizzleStore", user.totp) : undefined;
    },
    async compareAndSet(userId, expected, next) {
      const unchanged = expected === undefined ? isNull(users.totp) : eq(users.totp, expected);
      const matched = await db
        .update(users)
        .set({ totp: next ?? null })
        .where(and(eq(users.id, userId), unchanged))
        .returning({ id: users.id });
      return wroteOneRow("createDrizzleStore", matched.length);
    },
  };
}
