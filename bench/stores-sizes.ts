// The figures of docs/scaling.md: bytes of a user, and reads and writes of each call.
import { randomUUID } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { generateKey } from "../lib/index.js";
import type { Reached } from "./stores-drivers.js";
import { forEachEngine } from "./stores-engines.js";
import { createCounted, drawState } from "./stores-states.js";

const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
const BATCH = 1000;

export async function benchSizes(): Promise<void> {
  console.log("\nCharacters of a user's string");
  for (const count of [0, 1, 5, 10, 20]) {
    const plain = await lengthWith(count, false);
    const sealed = await lengthWith(count, true);
    console.log(`  ${String(count).padStart(2)} backup codes left: ${plain}, encrypted ${sealed}`);
  }
  console.log("Calls of the store");
  await countCalls();
  console.log(
    `Bytes a user on each engine, of ${ROWS.toLocaleString("en")}, ten backup codes each`,
  );
  await forEachEngine(async (name, engine) => {
    console.log(`  ${name.padEnd(12)} ${await measure(engine)}`);
  });
}

/** With so many backup codes left, that is: they are used up, as the least that can be made is one. */
async function lengthWith(count: number, encrypted: boolean): Promise<number> {
  const encryption = { current: { id: "2026-11", key: generateKey() } };
  const counted = createCounted({
    backupCodes: { count: Math.max(count, 1), cost: 16_384 },
    ...(encrypted && { encryption }),
  });
  const backupCodes = await enrol(counted);
  if (count === 0) await counted.totp.verify("user", backupCodes[0] ?? "");
  return counted.value().length;
}

async function enrol({ totp, now }: ReturnType<typeof createCounted>): Promise<string[]> {
  const begun = await totp.beginSetup("user");
  if (!begun.ok) throw new Error("Not begun");
  const code = new TOTP({ secret: Secret.fromBase32(begun.secret) }).generate({ timestamp: now() });
  const confirmed = await totp.confirm("user", code);
  if (!confirmed.ok) throw new Error("Not confirmed");
  return confirmed.backupCodes;
}

async function countCalls(): Promise<void> {
  const counted = createCounted();
  const { totp } = counted;
  const backupCodes = await enrol(counted);
  const calls: [string, () => Promise<unknown>][] = [
    ["setup", () => totp.beginSetup("another")],
    ["verify, right", () => totp.verify("user", backupCodes[0] ?? "")],
    ["verify, wrong", () => totp.verify("user", "00000-00000")],
    ["status", () => totp.status("user")],
    ["new backup codes", () => totp.regenerateBackupCodes("user")],
    ["turn off", () => totp.disable("user")],
    ["confirm (with the setup before it)", () => enrol(counted)],
  ];
  for (const [name, call] of calls) console.log(`  ${name}: ${await counted.count(call)}`);
}

async function measure({ fill, size }: Reached): Promise<string> {
  for (let row = 0; row < ROWS; row += BATCH) {
    const length = Math.min(BATCH, ROWS - row);
    await fill(Array.from({ length }, () => [randomUUID(), drawState()]));
  }
  const { bytes, by } = await size();
  return `${(bytes / ROWS).toFixed(0)}  (${by})`;
}
