// The figures of docs/scaling.md: bytes of a user, and reads and writes of each call.
import { randomUUID } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { createEncrypter, generateKey, TRUSTED } from "../lib/index.js";
import { WRONG_CODES_IN_A_ROW } from "../lib/service/machine/lockout.js";
import type { Reached } from "./stores-drivers.js";
import { forEachEngine } from "./stores-engines.js";
import { createCounted, drawState } from "./stores-states.js";

const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
const BATCH = 1000;

export async function benchSizes(): Promise<void> {
  console.log("\nCharacters of a user's string");
  for (const count of [0, 1, 5, 10, 20]) {
    const plain = await lengthWith(count, false);
    const ciphertext = await lengthWith(count, true);
    console.log(
      `  ${String(count).padStart(2)} backup codes left: ${plain}, encrypted ${ciphertext}`,
    );
  }
  await showMore();
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

/** What comes on top of ten backup codes: setups that are pending, and wrong codes. */
async function showMore(): Promise<void> {
  const pending = createCounted();
  const lengths = [];
  for (let count = 0; count < 3; count++) {
    await begin(pending);
    lengths.push(pending.value().length);
  }
  console.log(`  TOTP off, 1, 2 and 3 setups pending: ${lengths.join(", ")}`);
  const enrolled = createCounted();
  const secret = await begin(enrolled);
  await confirm(enrolled, secret);
  const before = enrolled.value().length;
  await enrolled.totp.verify("user", wrongCode(enrolled, secret));
  console.log(`  more by wrong codes: ${enrolled.value().length - before}`);
}

/** A code that is of no time near now. */
function wrongCode({ now }: Counted, secret: string): string {
  const authenticator = new TOTP({ secret: Secret.fromBase32(secret) });
  const near = Array.from({ length: 51 }, (_, i) => now() + (i - 25) * 30_000);
  const right = near.map((timestamp) => authenticator.generate({ timestamp }));
  const codes = Array.from({ length: 52 }, (_, i) => String(i).padStart(6, "0"));
  return codes.find((code) => !right.includes(code)) ?? "";
}

type Counted = ReturnType<typeof createCounted>;

async function enroll(counted: Counted, user = "user"): Promise<string[]> {
  return confirm(counted, await begin(counted, user), user);
}

async function begin({ totp }: Counted, user = "user"): Promise<string> {
  const begun = await totp.beginSetup(user, { proof: TRUSTED });
  if (begun.ok) return begun.secret;
  throw new Error(`Not begun: ${begun.reason}`);
}

async function confirm({ totp, now }: Counted, secret: string, user = "user"): Promise<string[]> {
  const authenticator = new TOTP({ secret: Secret.fromBase32(secret) });
  const confirmed = await totp.confirm(user, authenticator.generate({ timestamp: now() }));
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
  const guess = () => totp.verify("user", wrongCode(counted, secret));
  await show("verify, wrong", guess);
  for (let more = 1; more < WRONG_CODES_IN_A_ROW; more++) await guess();
  await show("verify, first one while locked", guess);
  await show("verify while locked", guess);
  await show("status", () => totp.status("user"));
  await show("new backup codes", () => totp.regenerateBackupCodes("user", { proof: TRUSTED }));
  await show("turn off", () => totp.disable("user", { proof: TRUSTED }));
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
  await show("setup and confirm, ten backup codes", 500, () => enroll(counted));
  await show("setup", 500, () => totp.beginSetup("another"));
  const users = Array.from({ length: 50 }, (_, i) => `user ${i}`);
  const codes: [user: string, code: string][] = [];
  for (const user of users)
    for (const code of await enroll(counted, user)) codes.push([user, code]);
  await show("verify, backup code", codes.length, () => totp.verify(...(codes.pop() ?? ["", ""])));
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
