import { storedText, type TotpStore, wroteOneRow } from "express-totp-setup";
import { type InferSchemaType, type Model, Schema } from "mongoose";

export const userSchema = new Schema({ _id: String, totp: { type: String, select: false } });

export function createMongooseStore(users: Model<InferSchemaType<typeof userSchema>>): TotpStore {
  return {
    async get(userId) {
      const query = users.findById(userId).select("totp").read("primary").readConcern("majority");
      const user = await query.lean();
      // A document without the field is a user without TOTP.
      return storedText("createMongooseStore", user?.totp ?? null);
    },
    async compareAndSet(userId, expected, next) {
      const { matchedCount } = await users.updateOne(
        { _id: userId, totp: expected ?? null },
        next === undefined ? { $unset: { totp: 1 } } : { $set: { totp: next } },
        { writeConcern: { w: "majority", j: true } },
      );
      return wroteOneRow("createMongooseStore", matchedCount);
    },
  };
}
