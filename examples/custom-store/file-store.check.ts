// Proves the store: node --import tsx --test examples/custom-store/file-store.check.ts
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it, test } from "node:test";
import { testTotpStore } from "express-totp-setup/testing";
import { openFileStore } from "./file-store.js";

const folder = mkdtempSync(path.join(tmpdir(), "file-store-"));
after(() => rmSync(folder, { recursive: true }));

const store = await openFileStore(path.join(folder, "totp.json"));
// Every write waits for the disk, so that fewer than the default of 200 calls race each other.
testTotpStore({ describe, it }, () => store, { expires: false, parallel: 20 });

test("is there again after a restart", async () => {
  const file = path.join(folder, "restarted.json");
  const before = await openFileStore(file);
  await before.compareAndSet("ada", undefined, "1");
  await before.compareAndSet("ada", "1", "2");
  const after = await openFileStore(file);
  assert.equal(await after.get("ada"), "2");
  assert.equal(await after.compareAndSet("ada", "1", "3"), false);
});
