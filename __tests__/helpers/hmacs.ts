import crypto from "node:crypto";

/** How many HMACs are computed while something is done. */
export async function countHmacs(work: () => Promise<unknown>): Promise<number> {
  const spy = jest.spyOn(crypto, "createHmac");
  try {
    await work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}
