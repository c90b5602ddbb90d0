import { Client } from "pg";
import { anyPostgres, describeEngine } from "../helpers/engines/index.js";
import { startExample } from "../helpers/fleet/example-server.js";
import { codeAt } from "../helpers/service.js";
import { stopPrograms } from "../helpers/snippets-program.js";

const FILE = "examples/postgres/server.ts";
const PATIENCE_MS = 60_000;

afterEach(stopPrograms);

describeEngine(anyPostgres(), "the example for PostgreSQL", (engine) => {
  async function query(sql: string) {
    const client = new Client({ connectionString: engine().url });
    await client.connect();
    return client.query(sql).finally(() => client.end());
  }

  const drop = () => query("DROP TABLE IF EXISTS example_users");
  beforeAll(drop);
  afterAll(drop);

  test(
    "keeps TOTP in a column of the users, over a restart",
    async () => {
      const env = { DATABASE_URL: engine().url };
      const before = await startExample(FILE, env);
      const { secret } = (await before.begin()).body;
      const { body } = await before.confirm(codeAt(secret, Date.now()));
      expect(body.backup_codes).toHaveLength(10);
      await stopPrograms();

      const after = await startExample(FILE, env);
      expect((await after.status()).body).toMatchObject({ is_setup: true });
      expect((await after.post("/transfers")).status).toBe(403);
      const transfer = await after.post("/transfers", {}, body.backup_codes[0]);
      expect(transfer).toEqual({ status: 200, body: { balance: 90 } });
      const { rows } = await query("SELECT totp FROM example_users");
      expect(rows).toEqual([{ totp: expect.stringContaining(secret) }]);
    },
    PATIENCE_MS,
  );
});
