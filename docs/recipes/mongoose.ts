import type { TotpStore } from "express-totp-setup";
import { type InferSchemaType, type Model, Schema } from "mongoose";

export const userSchema = new Schema({ _id: String, totp: { type: String, select: false } });

export function createMongooseStore(users: Model<InferSchemaType<typeof userSchema>>): TotpStore {
  return {
    async get(userId) {
      const query = users.findById(userId).select("totp").read("primary").readConcern("majority");
      return (await query.lean())?.totp ?? undefined;
    },
    async compareAndSet(userId, expected, next) {
      const { matchedCount } = await users.updateOne(
        { _id: userId, totp: expected ?? null },
        next === undefined ? { $unset: { totp: 1 } } : { $set: { totp: next } },
        { writeConcern: { w: "majority", j: true } },
      );
      return matchedCount === 1;
    },
  };
}
