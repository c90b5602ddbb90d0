// What a store keeps of a user: plain, encrypted, and under a new key. Run it with
//   node --import tsx examples/encrypted/walk.ts
import { createTotpService, generateKey, type TotpStore } from "express-totp-setup";
import { Secret, TOTP } from "otpauth";

// In an app they come out of a vault or the environment. What is lost with a key cannot be read again.
const spring = { id: "2026-spring", key: generateKey() };
const autumn = { id: "2026-autumn", key: generateKey() };

/** As a store is meant to be, for one process; it can be looked into. */
const kept = new Map<string, string>();
const store: TotpStore = {
  get: (userId) => kept.get(userId),
  compareAndSet(userId, expected, next) {
    if (kept.get(userId) !== expected) return false;
    if (next === undefined) kept.delete(userId);
    else kept.set(userId, next);
    return true;
  },
};

const base = { store, issuer: "Acme" };
const plain = createTotpService(base);
const encrypted = createTotpService({
  ...base,
  encryption: { current: spring, acceptPlaintext: true },
});
const rotated = createTotpService({
  ...base,
  encryption: { current: autumn, previous: [spring] },
});

const setup = await plain.beginSetup("ada");
if (!setup.ok) throw new Error(setup.reason);
const authenticator = new TOTP({ secret: Secret.fromBase32(setup.secret) });
const confirmed = await plain.confirm("ada", authenticator.generate());
const [first = "", second = ""] = confirmed.ok ? confirmed.backupCodes : [];

function look(when: string): void {
  const value = kept.get("ada") ?? "";
  console.log(`${when}: ${value.slice(0, 60)}…`);
  console.log(`    secret to be read in it: ${value.includes(setup.ok ? setup.secret : "")}`);
}

look("Plain");
// What was kept before is read still, and the next write encrypts it: here the use of a backup code.
console.log(`    verified: ${(await encrypted.verify("ada", first)).ok}`);
look("Encrypted");
// Or all users in a batch, without waiting for them.
console.log(`    moved to the new key: ${(await rotated.reencrypt("ada")).ok}`);
look("Under the new key");
console.log(`    verified: ${(await rotated.verify("ada", second)).ok}`);

kept.set("eve", kept.get("ada") ?? "");
const copied = await rotated.status("eve").catch((error: Error) => error.message);
console.log(`Copied to another user: ${JSON.stringify(copied)}`);
const old = await encrypted.status("ada").catch((error: Error) => error.message);
console.log(`With the old key alone: ${JSON.stringify(old)}`);
