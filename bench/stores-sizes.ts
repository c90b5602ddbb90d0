// The figures of docs/scaling.md: bytes of a user, and reads and writes of each call.
import { randomUUID } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { createEncrypter, generateKey, TRUSTED } from "../lib/index.js";
import type { Reached } from "./stores-drivers.js";
import { forEachEngine } from "./stores-engines.js";
import { createCounted, drawState } from "./stores-states.js";

const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
const BATCH = 1000;
const VOUCHED = { proof: TRUSTED } as const;

export async function benchSizes(): Promise<void> {
  console.log("\nCharacters of a user's string");
  for (const count of [0, 1, 5, 10, 20]) {
    const plain = await lengthWith(count, false);
    const ciphertext = await lengthWith(count, true);
    console.log(
      `  ${String(count).padStart(2)} backup codes left: ${plain}, encrypted ${ciphertext}`,
    );
  }
  console.log("Calls of the store");
  await countCalls();
  await timeCalls();
  const encrypter = createEncrypter({ current: { id: "2026-11", key: generateKey() } });
  await fillEngines("plain", (_, state) => state);
  await fillEngines("encrypted", encrypter.encrypt);
}

async function fillEngines(what: string, dress: (id: string, state: string) => string) {
  console.log(
    `Bytes a user on each engine, of ${ROWS.toLocaleString("en")}, ten codes each, ${what}`,
  );
  await forEachEngine(async (name, engine) => {
    console.log(`  ${name.padEnd(12)} ${await measure(engine, dress)}`);
  });
}

/** With so many backup codes left, that is: they are used up, as the least that can be made is one. */
async function lengthWith(count: number, encrypted: boolean): Promise<number> {
  const encryption = { current: { id: "2026-11", key: generateKey() } };
  const counted = createCounted({
    backupCodes: { count: Math.max(count, 1) },
    ...(encrypted && { encryption }),
  });
  const backupCodes = await enroll(counted);
  if (count === 0) await counted.totp.verify("user", backupCodes[0] ?? "");
  return counted.value().length;
}

type Counted = ReturnType<typeof createCounted>;

async function enroll(counted: Counted): Promise<string[]> {
  return confirm(counted, await begin(counted));
}

async function begin({ totp }: Counted): Promise<string> {
  const begun = await totp.beginSetup("user", VOUCHED);
  if (begun.ok) return begun.secret;
  throw new Error(`Not begun: ${begun.reason}`);
}

function codeOf(secret: string, timestamp: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

function wrongCode(secret: string, timestamp: number): string {
  return String((Number(codeOf(secret, timestamp)) + 1) % 1_000_000).padStart(6, "0");
}

async function confirm({ totp, now }: Counted, secret: string): Promise<string[]> {
  const confirmed = await totp.confirm("user", codeOf(secret, now()));
  if (confirmed.ok) return confirmed.backupCodes;
  throw new Error(`Not confirmed: ${confirmed.reason}`);
}

async function countCalls(): Promise<void> {
  const counted = createCounted();
  const { totp } = counted;
  const show = async (name: string, call: () => Promise<unknown>) =>
    console.log(`  ${name}: ${await counted.count(call)}`);
  const secret = await begin(counted);
  let backupCodes: string[] = [];
  await show("setup", () => totp.beginSetup("another"));
  await show("confirm", async () => {
    backupCodes = await confirm(counted, secret);
  });
  await show("verify, right", () => totp.verify("user", backupCodes[0] ?? ""));
  await show("verify, wrong backup code", () => totp.verify("user", "0000-0000-0000-0000"));
  const guess = () => totp.verify("user", wrongCode(secret, counted.now()));
  await show("verify, wrong", guess);
  for (let more = 1; more < 5; more++) await guess();
  // The first refusal under a lock is written, so that its event comes once a minute.
  await guess();
  await show("verify while locked", guess);
  await show("begin a login", () => totp.beginLogin("user"));
  await show("status", () => totp.status("user"));
  await show("new backup codes", () => totp.regenerateBackupCodes("user", VOUCHED));
  await show("turn off", () => totp.disable("user", VOUCHED));
}

/** CPU time of this process; the store in memory takes next to none. */
async function timeCalls(): Promise<void> {
  console.log("CPU of a call, store left out");
  const counted = createCounted();
  const { totp } = counted;
  const show = async (name: string, times: number, call: () => Promise<unknown>) => {
    const before = process.cpuUsage();
    for (let i = 0; i < times; i++) await call();
    const { user, system } = process.cpuUsage(before);
    console.log(`  ${name}: ${((user + system) / times / 1000).toFixed(2)} ms`);
  };
  await show("setup and confirm, ten backup codes", 10, () => enroll(counted));
  await show("setup", 500, () => totp.beginSetup("another"));
  const codes = await enroll(counted);
  await show("verify, backup code", codes.length, () => totp.verify("user", codes.pop() ?? ""));
  await show("status", 2000, () => totp.status("user"));
}

async function measure(
  { fill, size, rewrite }: Reached,
  dress: (id: string, state: string) => string,
): Promise<string> {
  for (let row = 0; row < ROWS; row += BATCH) {
    const length = Math.min(BATCH, ROWS - row);
    const ids = Array.from({ length }, () => randomUUID());
    await fill(ids.map((id) => [id, dress(id, drawState())]));
  }
  const { bytes, by } = await size();
  const text = `${(bytes / ROWS).toFixed(0)}  (${by})`;
  if (!rewrite) return text;
  await rewrite();
  return `${text}; ${((await size()).bytes / ROWS).toFixed(0)} after all were written again at once`;
}
