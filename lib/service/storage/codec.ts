import { TotpStateError } from "../../base/errors.js";
import { decrypt, encrypt, isCurrent, isEncrypted } from "../../encryption/encrypter.js";
import type { ResolvedKeys } from "../../encryption/keys.js";
import type { TotpState } from "../state.js";
import { decodeState, encodeState } from "./state-text.js";

export interface ResolvedEncryption {
  keys: ResolvedKeys;
  acceptPlain: boolean;
}

/** Between a user's state and the string that a store keeps. */
export interface Codec {
  /** `undefined` where there is nothing to keep. */
  encode(userId: string, state: TotpState): string | undefined;
  /** Throws rather than take what it cannot read for "TOTP is off". */
  decode(userId: string, stored: string): TotpState;
  /** Whether a stored string is what {@link Codec.encode} would write now, but for its nonce. */
  isCurrent(stored: string): boolean;
}

/** The state as it is, or encrypted where there are keys. */
export function createCodec(encryption: ResolvedEncryption | undefined): Codec {
  if (!encryption) {
    return {
      encode: (_, state) => encodeState(state),
      decode: (_, stored) => decodePlain(stored),
      isCurrent: () => true,
    };
  }
  const { keys, acceptPlain } = encryption;
  return {
    encode(userId, state) {
      const text = encodeState(state);
      return text === undefined ? undefined : encrypt(keys, userId, text);
    },
    decode(userId, stored) {
      if (isEncrypted(stored)) return decodeState(decrypt(keys, userId, stored));
      if (acceptPlain) return decodeState(stored);
      throw new TotpStateError("is not encrypted (encryption.acceptPlain is false)");
    },
    isCurrent: (stored) => isCurrent(keys, stored),
  };
}

function decodePlain(stored: string): TotpState {
  if (isEncrypted(stored)) throw new TotpStateError("is encrypted; give the option encryption");
  return decodeState(stored);
}
