import { TotpStateError } from "../../base/errors.js";
import { decrypt, encrypt, isCurrent, isEncrypted } from "../../encryption/encrypter.js";
import type { ResolvedKeys } from "../../encryption/keys.js";
import type { TotpState } from "../machine/state.js";
import { decodeState, encodeState } from "./state-text.js";

export interface ResolvedEncryption {
  keys: ResolvedKeys;
  acceptPlaintext: boolean;
}

/** A stored value that was read. */
export interface Decoded {
  state: TotpState;
  /** Whether it was plaintext although keys are given, and so could have been planted. */
  isPlaintext: boolean;
}

/** Between a user's state and the string that a store keeps. */
export interface Codec {
  /** `undefined` where there is nothing to keep. */
  encode(userId: string, state: TotpState): string | undefined;
  /** Throws rather than take what it cannot read for "TOTP is off". */
  decode(userId: string, stored: string): Decoded;
  /** Whether a stored string is what {@link Codec.encode} would write now, but for its nonce. */
  isCurrent(stored: string): boolean;
}

/** The state as it is, or encrypted where there are keys. */
export function createCodec(encryption: ResolvedEncryption | undefined): Codec {
  if (!encryption) {
    return {
      encode: (_, state) => encodeState(state),
      decode: (_, stored) => reading(() => ({ state: decodePlain(stored), isPlaintext: false })),
      isCurrent: () => true,
    };
  }
  const { keys, acceptPlaintext } = encryption;
  return {
    encode(userId, state) {
      const text = encodeState(state);
      return text === undefined ? undefined : encrypt(keys, "state", userId, text);
    },
    decode(userId, stored) {
      return reading(() => {
        if (isEncrypted(stored)) {
          return { state: decodeState(decrypt(keys, "state", userId, stored)), isPlaintext: false };
        }
        if (acceptPlaintext) return { state: decodeState(stored), isPlaintext: true };
        throw new TotpStateError("is not encrypted (encryption.acceptPlaintext is false)");
      });
    },
    isCurrent: (stored) => isCurrent(keys, stored),
  };
}

function decodePlain(stored: string): TotpState {
  if (isEncrypted(stored)) throw new TotpStateError("is encrypted; give the option encryption");
  return decodeState(stored);
}

const RESET =
  "If it cannot be restored, reset(userId) of the service removes it: TOTP is then off for the user.";

/** Adds to the error how to get rid of a value that nobody can read any more. */
function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof TotpStateError ? new TotpStateError(error.problem, RESET) : error;
  }
}
