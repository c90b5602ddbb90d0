// The users of the app that each recipe is run in: a row or an item a user, as registration makes it.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import mongoose from "mongoose";
import mysql from "mysql2/promise";
import pg from "pg";

export interface Users {
  /** Adds a user and tells the id. */
  add(): Promise<string>;
  close(): Promise<unknown>;
}

export function postgresUsers(url: string): Users {
  const pool = new pg.Pool({ connectionString: url });
  const add = (id: string) => pool.query("INSERT INTO users (id) VALUES ($1)", [id]);
  return { add: () => withNewId(add), close: () => pool.end() };
}

export function mysqlUsers(url: string): Users {
  const pool = mysql.createPool(url);
  const add = (id: string) => pool.query("INSERT INTO users (id) VALUES (?)", [id]);
  return { add: () => withNewId(add), close: () => pool.end() };
}

export function dynamodbUsers(url: string): Users {
  const client = connectDynamodb(url);
  const add = (id: string) =>
    client.send(new PutItemCommand({ TableName: "users", Item: { id: { S: id } } }));
  return { add: () => withNewId(add), close: async () => client.destroy() };
}

export function mongodbUsers(url: string): Users {
  const connection = mongoose.createConnection(url);
  const users = connection.collection<{ _id: string }>("users");
  const add = (_id: string) => users.insertOne({ _id });
  return { add: () => withNewId(add), close: () => connection.close() };
}

export function connectDynamodb(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: "none", secretAccessKey: "none" };
  return new DynamoDBClient({ endpoint, region: "us-east-1", credentials });
}

/** The statements of a file that the documentation shows. */
export function readSql(file: string): string[] {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  return text.split(";\n").filter(Boolean);
}

async function withNewId(add: (id: string) => Promise<unknown>): Promise<string> {
  const id = randomUUID();
  await add(id);
  return id;
}
