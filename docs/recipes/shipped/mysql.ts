import { createTotpService } from "express-totp-setup";
import { createMysqlStore } from "express-totp-setup/mysql";
import { createPool } from "mysql2/promise";

const pool = createPool({ uri: process.env.MYSQL_URL });
const store = createMysqlStore(pool);
await store.createTable();
export const totp = createTotpService({ store, issuer: "Acme" });
