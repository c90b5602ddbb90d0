import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

const COST: ScryptOptions = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(normalize(password), salt, HASH_BYTES, COST);
  return `${salt.toString("base64url")}.${hash.toString("base64url")}`;
}

/** Without a hash it takes as long, so that the time does not tell who has an account. */
export async function isPasswordRight(
  password: string,
  passwordHash: string | undefined,
): Promise<boolean> {
  const [salt = "", hash = ""] = (passwordHash ?? "").split(".");
  const given = await derive(normalize(password), Buffer.from(salt, "base64url"), HASH_BYTES, COST);
  return passwordHash !== undefined && timingSafeEqual(given, Buffer.from(hash, "base64url"));
}

/** Keyboards differ in how they compose a letter such as é. */
function normalize(password: string): string {
  return password.normalize("NFKC");
}
