// An app whose users are in PostgreSQL, and whose users' TOTP is one more column of theirs. Run it with
//   DATABASE_URL=postgres://localhost/postgres node --import tsx examples/postgres/server.ts
import type { AddressInfo } from "node:net";
import express from "express";
import { createTotpRouter, createTotpService, requireTotp } from "express-totp-setup";
import { createPostgresStore } from "express-totp-setup/postgres";
import { Pool } from "pg";

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
// A connection that breaks while nobody uses it: the pool opens another one.
pool.on("error", (error) => console.error(`PostgreSQL: ${error.message}`));

await pool.query(`CREATE TABLE IF NOT EXISTS example_users
  (id integer PRIMARY KEY, email text NOT NULL, api_key text UNIQUE NOT NULL, balance integer NOT NULL)`);
await pool.query(`INSERT INTO example_users VALUES (1, 'ada@example.com', 'demo-key', 100)
  ON CONFLICT DO NOTHING`);
// All that the library needs.
await pool.query("ALTER TABLE example_users ADD COLUMN IF NOT EXISTS totp text");

const store = createPostgresStore(pool, { table: "example_users", column: "totp" });
const totp = createTotpService({ store, issuer: "Acme" });

async function authenticate(apiKey: string) {
  const sql = "SELECT id, email FROM example_users WHERE api_key = $1";
  const [user] = (await pool.query(sql, [apiKey])).rows;
  return user && { id: user.id as number, accountName: user.email as string };
}

const app = express();
app.use(createTotpRouter({ totp, authenticate }));
app.post("/transfers", requireTotp({ totp, authenticate }), async (req, res) => {
  const sql =
    "UPDATE example_users SET balance = balance - 10 WHERE api_key = $1 RETURNING balance";
  res.json((await pool.query(sql, [req.get("X-API-Key")])).rows[0]);
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`http://127.0.0.1:${port}  (X-API-Key: demo-key)`);
});
