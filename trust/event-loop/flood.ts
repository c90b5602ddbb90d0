// Floods a server from a process of its own, `flood.ts <port>`: users who set up, confirm, and sign in with a backup
// code. The parent sends how, and gets how many were through.

import { generateTotp } from "../../lib/index.js";
import { createClient } from "./client.js";
import { ROUTES } from "./routes.js";

/** At a rate, whether or not the server keeps up; or so many at a time, each after the one before. */
export type Flood = { seconds: number } & ({ usersASecond: number } | { atOnce: number });

const TICK_MS = 5;
const CODES = { ours: undefined, bare: "123456" };

const client = createClient(Number(process.argv[2]), 512);
const kind = process.argv[3] as keyof typeof CODES;
let users = 0;
let done = 0;

async function passThrough(): Promise<void> {
  const userId = `user-${users++}`;
  const { secret } = JSON.parse(await client.send("POST", ROUTES.setup, userId));
  // Computed for both, so that the load on the machine is the same.
  const computed = generateTotp({ secret });
  const confirmed = await client.send("POST", ROUTES.confirm, userId, {
    code: CODES[kind] ?? computed,
  });
  const [code] = JSON.parse(confirmed).backup_codes;
  await client.send("POST", ROUTES.login, undefined, { session_id: userId, code });
  done++;
}

/** By what is due at the time, so that a late tick makes up for itself. */
async function atRate(usersASecond: number, seconds: number): Promise<void> {
  const begun = performance.now();
  const all: Promise<void>[] = [];
  while (all.length < usersASecond * seconds) {
    const due = Math.min((performance.now() - begun) / 1000, seconds) * usersASecond;
    while (all.length < due) all.push(passThrough());
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(all);
}

async function inTurn(end: number): Promise<void> {
  while (performance.now() < end) await passThrough();
}

process.on("message", async (flood: Flood) => {
  done = 0;
  const begun = performance.now();
  const end = begun + flood.seconds * 1000;
  if ("usersASecond" in flood) await atRate(flood.usersASecond, flood.seconds);
  else await Promise.all(Array.from({ length: flood.atOnce }, () => inTurn(end)));
  process.send?.(done / ((performance.now() - begun) / 1000));
});
process.on("disconnect", () => process.exit());
