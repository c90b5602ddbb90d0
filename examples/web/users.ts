import { randomUUID } from "node:crypto";
import type { SqliteDatabase } from "express-totp-setup/sqlite";

export interface NewUser {
  email: string;
  passwordHash: string;
  /** Whether signing in takes a second factor, and begins with setting one up while there is none. */
  mustEnroll: boolean;
}

export interface User extends NewUser {
  id: string;
}

/** Email addresses are given in lower case. */
export interface Users {
  /** The new user, or `undefined` if the address is taken. */
  create(user: NewUser): Promise<User | undefined>;
  findByEmail(email: string): Promise<User | undefined>;
  findById(id: string): Promise<User | undefined>;
}

export function createSqliteUsers(db: SqliteDatabase): Users {
  // Not `SELECT *`: the column with the TOTP secret is nobody's business but the store's.
  const select = "SELECT id, email, password_hash, must_enroll FROM users";
  const byEmail = db.prepare(`${select} WHERE email = ?`);
  const byId = db.prepare(`${select} WHERE id = ?`);
  const insert = db.prepare(
    "INSERT INTO users (id, email, password_hash, must_enroll) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
  );
  return {
    async create(user) {
      const id = randomUUID();
      const { changes } = insert.run(id, user.email, user.passwordHash, Number(user.mustEnroll));
      return Number(changes) === 1 ? { ...user, id } : undefined;
    },
    findByEmail: async (email) => userOf(byEmail.all(email)[0]),
    findById: async (id) => userOf(byId.all(id)[0]),
  };
}

interface Row {
  id: string;
  email: string;
  password_hash: string;
  must_enroll: number;
}

function userOf(row: unknown): User | undefined {
  if (!row) return undefined;
  const { id, email, password_hash: passwordHash, must_enroll } = row as Row;
  return { id, email, passwordHash, mustEnroll: must_enroll === 1 };
}

export function createMemoryUsers(): Users {
  const users: User[] = [];
  return {
    async create(user) {
      if (users.some(({ email }) => email === user.email)) return undefined;
      const created = { ...user, id: randomUUID() };
      users.push(created);
      return created;
    },
    findByEmail: async (email) => users.find((user) => user.email === email),
    findById: async (id) => users.find((user) => user.id === id),
  };
}
