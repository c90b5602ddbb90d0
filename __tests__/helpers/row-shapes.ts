import {
  createTotpService,
  TotpCallbackError,
  TotpConfigError,
  type TotpStore,
} from "express-totp-setup";
import { thrownBy } from "./thrown-by.js";

/** A stored string, the start of which no error may hold. */
export const VALUE = "QRZ2XSB5D5OQJ4LIUYBV2MIFN5JHTJ3N";

/** The store throws, at once or by rejecting, and so does the service over it. */
export async function failsToRead(store: TotpStore, user: string, message: RegExp): Promise<void> {
  const read = async () => store.get(user);
  const error = await read().then(
    () => undefined,
    (cause: Error) => cause,
  );
  expect(error).toBeInstanceOf(TotpCallbackError);
  expect(error?.message).toMatch(message);
  expect(error?.message).not.toContain(VALUE.slice(0, 8));
  await expect(createTotpService({ store }).status(user)).rejects.toThrow(message);
}

export function refuses(createStore: () => unknown, fix: string): void {
  const error = thrownBy(createStore);
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error.message).toContain(fix);
}
