import { storedText, type TotpStore, wroteOneRow } from "express-totp-setup";
import type { PrismaClient } from "./generated/prisma/client.js";

export function createPrismaStore(prisma: PrismaClient): TotpStore {
  return {
    async get(userId) {
      const user = await prisma.user.findUnique({ where: { id: userId }, select: { totp: true } });
      return user ? storedText("createPrismaStore", user.totp) : undefined;
    },
    async compareAndSet(userId, expected, next) {
      const { count } = await prisma.user.updateMany({
        where: { id: userId, totp: expected ?? null },
        data: { totp: next ?? null },
      });
      return wroteOneRow("createPrismaStore", count);
    },
  };
}
