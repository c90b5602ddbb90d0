import { createTotpService } from "express-totp-setup";
import { createPostgresStore } from "express-totp-setup/postgres";
import { Pool } from "pg";

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const store = createPostgresStore(pool);
await store.createTable();
export const totp = createTotpService({ store, issuer: "Acme" });
