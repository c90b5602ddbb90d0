// Confirming a setup, against the same with ten scrypt hashes: what backup codes cost if each of them is
// hashed slowly. Both in turn in one process, as a ratio.
import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { Secret, TOTP } from "otpauth";
import { median } from "./median.js";
import { createCounted } from "./stores-states.js";

const GOAL = 50;
const ROUNDS = 7;
const CONFIRMS = 100;
const SLOW_CONFIRMS = 2;
const BACKUP_CODES = 10;
const SCRYPT = { N: 16_384, r: 8, p: 1 };

const hash = promisify<string, Buffer, number, object, Buffer>(scrypt);

export async function benchConfirm(): Promise<void> {
  console.log("\nConfirm, CPU time");
  const ours: number[] = [];
  const slow: number[] = [];
  await time(CONFIRMS, async () => {});
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await time(CONFIRMS, async () => {}));
    slow.push(await time(SLOW_CONFIRMS, hashSlowly));
  }
  const ratios = slow.map((each, i) => each / (ours[i] ?? Number.NaN));
  console.log(`  confirm                        ${median(ours).toFixed(3)} ms`);
  console.log(`  confirm with ten scrypt hashes ${median(slow).toFixed(1)} ms`);
  console.log(
    `  ratio                          ${median(ratios).toFixed(0)}  (goal: ${GOAL} at least)`,
  );
}

/** Milliseconds of CPU that a confirmation takes, threads included. */
async function time(times: number, more: () => Promise<unknown>): Promise<number> {
  const { totp, now } = createCounted({ backupCodes: { count: BACKUP_CODES } });
  const setups: [user: string, code: string][] = [];
  for (let i = 0; i < times; i++) {
    const begun = await totp.beginSetup(`user-${i}`);
    if (!begun.ok) throw new Error(`Not begun: ${begun.reason}`);
    const authenticator = new TOTP({ secret: Secret.fromBase32(begun.secret) });
    setups.push([`user-${i}`, authenticator.generate({ timestamp: now() })]);
  }
  const before = process.cpuUsage();
  for (const [user, code] of setups) {
    const confirmed = await totp.confirm(user, code);
    if (!confirmed.ok) throw new Error(`Not confirmed: ${confirmed.reason}`);
    await more();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

function hashSlowly(): Promise<unknown> {
  const salt = randomBytes(16);
  const codes = Array.from({ length: BACKUP_CODES }, () => randomBytes(8).toString("hex"));
  return Promise.all(codes.map((code) => hash(code, salt, 16, SCRYPT)));
}
