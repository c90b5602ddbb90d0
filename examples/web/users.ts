import { randomUUID } from "node:crypto";
import type { SqliteDatabase } from "express-totp-setup/sqlite";

export interface User {
  id: string;
  email: string;
  passwordHash: string;
}

/** Email addresses are given in lower case. */
export interface Users {
  /** The new user, or `undefined` where the address is taken. */
  create(email: string, passwordHash: string): Promise<User | undefined>;
  findByEmail(email: string): Promise<User | undefined>;
  findById(id: string): Promise<User | undefined>;
}

export function createSqliteUsers(db: SqliteDatabase): Users {
  // Not `SELECT *`: the column with the TOTP secret is nobody's business but the store's.
  const select = "SELECT id, email, password_hash AS passwordHash FROM users";
  const byEmail = db.prepare(`${select} WHERE email = ?`);
  const byId = db.prepare(`${select} WHERE id = ?`);
  const insert = db.prepare(
    "INSERT INTO users (id, email, password_hash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  return {
    async create(email, passwordHash) {
      const user: User = { id: randomUUID(), email, passwordHash };
      const { changes } = insert.run(user.id, email, passwordHash);
      return Number(changes) === 1 ? user : undefined;
    },
    findByEmail: async (email) => byEmail.all(email)[0] as User | undefined,
    findById: async (id) => byId.all(id)[0] as User | undefined,
  };
}

export function createMemoryUsers(): Users {
  const users: User[] = [];
  return {
    async create(email, passwordHash) {
      if (users.some((user) => user.email === email)) return undefined;
      const user: User = { id: randomUUID(), email, passwordHash };
      users.push(user);
      return user;
    },
    findByEmail: async (email) => users.find((user) => user.email === email),
    findById: async (id) => users.find((user) => user.id === id),
  };
}
