// Opens each recipe's store with a client of its own, as one process of an app does.
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PrismaPg } from "@prisma/adapter-pg";
import { drizzle } from "drizzle-orm/node-postgres";
import { storedText, type TotpStore, wroteOneRow } from "express-totp-setup";
import knexOf from "knex";
import { Kysely, MysqlDialect, PostgresDialect } from "kysely";
import mongoose from "mongoose";
import { createPool } from "mysql2";
import pg from "pg";
import { DataSource } from "typeorm";
import { createDrizzleStore } from "../drizzle.js";
import { createDynamoStore } from "../dynamodb.js";
import { PrismaClient } from "../generated/prisma/client.js";
import { createKnexStore } from "../knex.js";
import { createKyselyStore, type Database } from "../kysely.js";
import { createMongooseStore, userSchema } from "../mongoose.js";
import { createPrismaStore } from "../prisma.js";
import { createTypeormStore, User } from "../typeorm.js";
import { connectDynamodb, readSql } from "./users.js";

export interface Opened {
  store: TotpStore;
  close(): Promise<unknown>;
}

export type Open = (url: string) => Promise<Opened>;

/** Over nothing but the statements that the documentation shows. */
export async function openSql(url: string): Promise<Opened> {
  const pool = new pg.Pool({ connectionString: url });
  const [, read = "", write = ""] = readSql("users.sql");
  const store: TotpStore = {
    async get(id) {
      const [user] = (await pool.query(read, [id])).rows;
      return user && storedText("sql", user.totp);
    },
    async compareAndSet(id, expected, next) {
      const { rowCount } = await pool.query(write, [id, expected ?? null, next ?? null]);
      return wroteOneRow("sql", rowCount);
    },
  };
  return { store, close: () => pool.end() };
}

export async function openDrizzle(url: string): Promise<Opened> {
  const pool = new pg.Pool({ connectionString: url });
  return { store: createDrizzleStore(drizzle(pool)), close: () => pool.end() };
}

export const openKnex =
  (client: "pg" | "mysql2"): Open =>
  async (connection) => {
    const knex = knexOf({ client, connection });
    return { store: createKnexStore(knex), close: () => knex.destroy() };
  };

export async function openKyselyPostgres(url: string): Promise<Opened> {
  const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) });
  const db = new Kysely<Database>({ dialect });
  return { store: createKyselyStore(db), close: () => db.destroy() };
}

export async function openKyselyMysql(url: string): Promise<Opened> {
  const db = new Kysely<Database>({ dialect: new MysqlDialect({ pool: createPool(url) }) });
  return { store: createKyselyStore(db), close: () => db.destroy() };
}

export async function openPrisma(connectionString: string): Promise<Opened> {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString }) });
  return { store: createPrismaStore(prisma), close: () => prisma.$disconnect() };
}

export const openTypeorm =
  (type: "postgres" | "mysql"): Open =>
  async (url) => {
    const dataSource = await new DataSource({ type, url, entities: [User] }).initialize();
    return { store: createTypeormStore(dataSource), close: () => dataSource.destroy() };
  };

export async function openDynamodb(url: string): Promise<Opened> {
  const client = connectDynamodb(url);
  const store = createDynamoStore(DynamoDBDocumentClient.from(client));
  return { store, close: async () => client.destroy() };
}

export async function openMongoose(url: string): Promise<Opened> {
  const connection = await mongoose.createConnection(url).asPromise();
  const store = createMongooseStore(connection.model("User", userSchema));
  return { store, close: () => connection.close() };
}
