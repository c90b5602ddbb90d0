// Users with passwords, in memory. An app that asks for passwords has all of this already.
import {
  type BinaryLike,
  randomBytes,
  randomUUID,
  type ScryptOptions,
  scrypt,
  timingSafeEqual,
} from "node:crypto";
import { promisify } from "node:util";

export interface User {
  id: string;
  email: string;
}

interface Password {
  salt: Buffer;
  hash: Buffer;
}

const HASH_BYTES = 32;
// One of the settings that OWASP's Password Storage Cheat Sheet recommends.
const COST = { N: 16_384, r: 8, p: 5 };
/** Nobody's: an unknown address costs the same work as a wrong password, so that time tells nothing. */
const DECOY: Password = { salt: randomBytes(16), hash: randomBytes(HASH_BYTES) };

const deriveKey = promisify<BinaryLike, BinaryLike, number, ScryptOptions, Buffer>(scrypt);
const usersById = new Map<string, User>();
const accountsByEmail = new Map<string, User & { password: Password }>();

export async function addUser(email: string, password: string): Promise<User> {
  const salt = randomBytes(16);
  const hash = await deriveKey(password, salt, HASH_BYTES, COST);
  const user = { id: randomUUID(), email };
  usersById.set(user.id, user);
  accountsByEmail.set(email, { ...user, password: { salt, hash } });
  return user;
}

export function findUser(id: string | undefined): User | undefined {
  return id === undefined ? undefined : usersById.get(id);
}

/** Takes what came in a request, whatever that is. */
export async function findByPassword(email: unknown, password: unknown): Promise<User | undefined> {
  if (typeof email !== "string" || typeof password !== "string") return undefined;
  const account = accountsByEmail.get(email);
  const { salt, hash } = account?.password ?? DECOY;
  const isRight = timingSafeEqual(await deriveKey(password, salt, HASH_BYTES, COST), hash);
  return isRight ? findUser(account?.id) : undefined;
}
