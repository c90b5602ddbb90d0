import { TotpStateError } from "../../base/errors.js";
import { decrypt, encrypt, isCurrent, isEncrypted } from "../../encryption/encrypter.js";
import type { ResolvedKeys } from "../../encryption/keys.js";
import type { TotpState } from "../machine/state.js";
import { decodeState, encodeState } from "./state-text.js";

export interface ResolvedEncryption {
  keys: ResolvedKeys;
  acceptPlaintext: boolean;
}

/** A decoded value. */
export interface Decoded {
  state: TotpState;
  /** Whether it was plaintext although encryption is on, so that somebody could have inserted it. */
  isPlaintext: boolean;
}

/** Converts a user's state to the string in the store, and back. */
export interface Codec {
  /** Returns `undefined` if there is nothing to store. */
  encode(userId: string, state: TotpState): string | undefined;
  /** Throws if it cannot read the value, which must never be mistaken for "TOTP is off". */
  decode(userId: string, stored: string): Decoded;
  /** Whether {@link Codec.encode} would write the same string, apart from the nonce. */
  isCurrent(stored: string): boolean;
}

/** Creates a codec that encrypts if there are keys. */
export function createCodec(encryption: ResolvedEncryption | undefined): Codec {
  if (!encryption) {
    return {
      encode: (_, state) => encodeState(state),
      decode: (userId, stored) =>
        reading(userId, () => ({ state: decodePlain(stored), isPlaintext: false })),
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
      return reading(userId, () => {
        if (isEncrypted(stored)) {
          return { state: decodeState(decrypt(keys, "state", userId, stored)), isPlaintext: false };
        }
        if (acceptPlaintext) return { state: decodeState(stored), isPlaintext: true };
        throw new TotpStateError("is not encrypted, but encryption is set", ENCRYPT_FIRST);
      });
    },
    isCurrent: (stored) => isCurrent(keys, stored),
  };
}

function decodePlain(stored: string): TotpState {
  if (isEncrypted(stored))
    throw new TotpStateError("is encrypted, but encryption is not set", SET_KEYS);
  return decodeState(stored);
}

const SET_KEYS = "Set the option encryption to the keys that it was encrypted with.";
const ENCRYPT_FIRST =
  "If it was stored before encryption was set, set encryption.acceptPlaintext until you have called " +
  "reencrypt(userId) for every user.";
const RESET =
  "If it cannot be restored, call reset(userId) on the service: it removes the value and turns TOTP off.";

/** Adds to the error whose value it is. If nothing else helps, the value can be removed. */
function reading<T>(userId: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TotpStateError)) throw error;
    const fix = error.fix === undefined ? RESET : `${error.fix} ${RESET}`;
    throw new TotpStateError(error.problem, fix, userId);
  }
}
