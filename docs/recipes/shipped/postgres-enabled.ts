import { createTotpService } from "express-totp-setup";
import { createPostgresStore } from "express-totp-setup/postgres";
import { Pool } from "pg";

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const options = { table: "users", column: "totp", enabledColumn: "totp_enabled" };
export const totp = createTotpService({ store: createPostgresStore(pool, options) });
