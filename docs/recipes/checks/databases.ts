// Starts the databases of the recipes, or uses those that the environment names, and makes a table of users.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import mysql from "mysql2/promise";
import pg from "pg";
import { require as requireCommonJs } from "tsx/cjs/api";
import { connectDynamodb, readSql } from "./users.js";

// Written for Jest, to which all modules are CommonJS.
const engines: typeof import("../../../__tests__/helpers/engines/index.js") = requireCommonJs(
  "../../../__tests__/helpers/engines/index.ts",
  import.meta.url,
);

/** A database that is up. */
interface Running {
  url: string;
  stop(): Promise<unknown>;
}

/** What the environment may name is the app's own: nothing but a new database in it is touched. */
const database = `totp_recipes_${randomBytes(4).toString("hex")}`;

interface Databases {
  /** By the names of the variables in which the tests look for them. */
  urls: Record<string, string>;
  /** What could not be started, and what to do about it. */
  missing: string[];
  stop(): Promise<void>;
}

export async function startDatabases(): Promise<Databases> {
  const running: Record<string, Running> = {};
  const missing: string[] = [];
  const stop = async () => {
    for (const each of Object.values(running)) await each.stop();
  };
  try {
    for (const [variable, start] of Object.entries(STARTERS)) {
      const started = await start();
      if (typeof started === "string") missing.push(started);
      else running[variable] = started;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const urls = Object.fromEntries(Object.entries(running).map(([name, { url }]) => [name, url]));
  return { urls, missing, stop };
}

/** Each gives a text where it has to do without. */
const STARTERS: Record<string, () => Promise<Running | string>> = {
  DATABASE_URL: () => startEngine("postgres", preparePostgres),
  MYSQL_URL: () => startEngine("mariadb", prepareMysql),
  REDIS_URL: () => startEngine("redis"),
  DYNAMODB_URL: startDynalite,
  MONGODB_URL: startMongodb,
};

async function startEngine(
  kind: "postgres" | "mariadb" | "redis",
  prepare = async (server: Running) => server,
): Promise<Running | string> {
  const { name, variable, debianPackage, find } = engines[kind];
  const url = variable && process.env[variable];
  if (url) return prepare({ url, stop: async () => {} });
  const start = find();
  if (start) return prepare(await start());
  const missing = `${name} is not here, and what needs it was not run: install ${debianPackage}, or set ${variable}`;
  if (process.env.REQUIRE_ALL_TESTS) throw new Error(missing);
  return missing;
}

async function preparePostgres(server: Running): Promise<Running> {
  const admin = new pg.Pool({ connectionString: server.url, max: 1 });
  await admin.query(`CREATE DATABASE ${database}`);
  // Nothing here outlives a crash, and so no test has to wait for the disk.
  await admin.query(`ALTER DATABASE ${database} SET synchronous_commit = off`);
  const url = urlOf(server);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("CREATE TABLE users (id text PRIMARY KEY)");
  await client.query(readSql("users.sql")[0] ?? "");
  await client.end();
  return {
    url,
    async stop() {
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
      await server.stop();
    },
  };
}

async function prepareMysql(server: Running): Promise<Running> {
  const admin = await mysql.createConnection(server.url);
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.query(`USE ${database}`);
  await admin.query("CREATE TABLE users (id varchar(36) PRIMARY KEY)");
  const [[row]] = await admin.query<mysql.RowDataPacket[]>("SELECT version() AS version");
  const addColumn = readSql("mariadb.sql")[0] ?? "";
  const isMariadb = String(row?.version).includes("MariaDB");
  await admin.query(isMariadb ? addColumn : addColumn.replace("nopad_bin", "0900_bin"));
  return {
    url: urlOf(server),
    async stop() {
      await admin.query(`DROP DATABASE ${database}`);
      await admin.end();
      await server.stop();
    },
  };
}

function urlOf({ url }: Running): string {
  return Object.assign(new URL(url), { pathname: database }).href;
}

async function startDynalite(): Promise<Running> {
  const server = dynalite({ createTableMs: 0 });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = connectDynamodb(url);
  const createTable = new CreateTableCommand({
    TableName: "users",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  await client.send(createTable);
  client.destroy();
  return { url, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** No package registry has it, so that it is not asked for under REQUIRE_ALL_TESTS either. */
async function startMongodb(): Promise<Running | string> {
  const url = process.env.MONGODB_URL;
  if (url) return { url, stop: async () => {} };
  return "The recipe for Mongoose was type-checked but not run: set MONGODB_URL to run it";
}
