import { storedText, type TotpStore, wroteOneRow } from "express-totp-setup";
import { Column, type DataSource, Entity, IsNull, PrimaryColumn } from "typeorm";

@Entity("users")
export class User {
  @PrimaryColumn("text")
  id!: string;

  @Column("text", { nullable: true, select: false })
  totp!: string | null;
}

export function createTypeormStore(dataSource: DataSource): TotpStore {
  const users = dataSource.getRepository(User);
  return {
    async get(id) {
      const user = await users.findOne({ where: { id }, select: { id: true, totp: true } });
      return user ? storedText("createTypeormStore", user.totp) : undefined;
    },
    async compareAndSet(id, expected, next) {
      const { affected } = await users.update(
        { id, totp: expected ?? IsNull() },
        { totp: next ?? null },
      );
      return wroteOneRow("createTypeormStore", affected);
    },
  };
}
