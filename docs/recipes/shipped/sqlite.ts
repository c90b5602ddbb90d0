import Database from "better-sqlite3";
import { createTotpService } from "express-totp-setup";
import { createSqliteStore } from "express-totp-setup/sqlite";

const db = new Database("app.db");
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
const store = createSqliteStore(db);
store.createTable();
export const totp = createTotpService({ store, issuer: "Acme" });
