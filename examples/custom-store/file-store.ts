// A store of one's own: one JSON file, for an app of one process with a few users. Proved by
//   node --import tsx --test examples/custom-store/file-store.check.ts
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import type { TotpStore } from "express-totp-setup";

export async function openFileStore(file: string): Promise<TotpStore> {
  await mkdir(path.dirname(file), { recursive: true });
  const values = new Map<string, string>(await readEntries(file));
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** One write after the other; what one of them failed with is not the next one's. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = lastWrite.then(work, work);
    lastWrite = mine;
    return mine;
  }

  return {
    get: (userId) => values.get(userId),
    compareAndSet: (userId, expected, next) =>
      inTurn(async () => {
        if (values.get(userId) !== expected) return false;
        const changed = new Map(values);
        if (next === undefined) changed.delete(userId);
        else changed.set(userId, next);
        // On the disk first: an answer that was given must not be forgotten.
        await replaceFile(file, JSON.stringify([...changed]));
        if (next === undefined) values.delete(userId);
        else values.set(userId, next);
        return true;
      }),
  };
}

async function readEntries(file: string): Promise<[string, string][]> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** The file is the old one or the new one, at any moment and after a crash. */
async function replaceFile(file: string, text: string): Promise<void> {
  const draft = await open(`${file}.new`, "w", 0o600);
  try {
    await draft.writeFile(text);
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(`${file}.new`, file);
  // The new name is on the disk too, then.
  const folder = await open(path.dirname(file));
  await folder.sync().finally(() => folder.close());
}
