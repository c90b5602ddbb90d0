import { hashPassword } from "./passwords.js";
import type { Users } from "./users.js";

/** An account that is there at the first start, for a browser and a shell to begin with at once. */
export const demo = {
  email: "ada@example.com",
  password: "analytical-engine",
  apiKey: "demo-key",
};

export async function addDemoAccount(users: Users): Promise<void> {
  if (await users.findByEmail(demo.email)) return;
  const passwordHash = await hashPassword(demo.password);
  await users.create({ email: demo.email, passwordHash, mustEnroll: false });
}

/** A shell command that begins the setup by the API. */
export function setupCommand(address: string): string {
  return `curl -X POST -H "X-API-Key: ${demo.apiKey}" ${address}/auth/v1/users/current/totp/setup`;
}
