import { Redis } from "ioredis";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { Client } from "pg";
import type { EngineName } from "./open-store.js";

/** Has an engine end all connections but this one, as its administrator may; tells how many. */
export const CUT_CONNECTIONS = {
  async PostgreSQL(connectionString) {
    const client = new Client({ connectionString });
    await client.connect();
    const others = "pid <> pg_backend_pid() AND backend_type = 'client backend'";
    const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`;
    const { rowCount } = await client.query(sql);
    await client.end();
    return rowCount ?? 0;
  },
  async MariaDB(uri) {
    const connection = await createConnection({ uri });
    const others = "SELECT id FROM information_schema.processlist WHERE user = 'test'";
    const [rows] = await connection.query<RowDataPacket[]>(`${others} AND id <> CONNECTION_ID()`);
    const kills = rows.map(({ id }) => connection.query(`KILL ${id}`));
    const settled = await Promise.allSettled(kills);
    await connection.end();
    return settled.filter(({ status }) => status === "fulfilled").length;
  },
  async Redis(url) {
    const client = new Redis(url);
    const killed = await client.call("CLIENT", "KILL", "TYPE", "normal");
    client.disconnect();
    return Number(killed);
  },
} satisfies Partial<Record<EngineName, (url: string) => Promise<number>>>;
