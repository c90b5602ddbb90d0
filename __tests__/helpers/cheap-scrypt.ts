import type { BinaryLike, ScryptOptions } from "node:crypto";

type Callback = (error: Error | null, key: Buffer) => void;
type Scrypt = (
  password: BinaryLike,
  salt: BinaryLike,
  length: number,
  options: ScryptOptions,
  callback: Callback,
) => void;

const CHEAP: ScryptOptions = { N: 1024, r: 1, p: 1 };

/** Scrypt for tests that do not test how long it takes: the cost that it is called with is ignored. */
export function cheapScrypt(scrypt: Scrypt): Scrypt {
  return (password, salt, length, _options, callback) =>
    scrypt(password, salt, length, CHEAP, callback);
}
