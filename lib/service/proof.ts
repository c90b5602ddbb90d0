import type { CallOptions } from "./core.js";
import type { Actor } from "./events.js";
import type { Proof } from "./machine/with-proof.js";

/** The type of {@link TRUSTED}: structural, so that it is one type for both builds of this library. */
export type Trusted = symbol & { readonly isTrustedProof: true };

/**
 * Vouches for a change in the place of a code: for an administrator's tool, or an app that has made sure of
 * its user by other means. It is a symbol, so no request's body can hold it.
 *
 * @example
 * ```ts
 * await totp.disable(user.id, { proof: TRUSTED });
 * ```
 */
// Registered, as the CommonJS and the ES module build of this library may be loaded side by side.
export const TRUSTED = Symbol.for("express-totp-setup.trusted") as Trusted;

/** What vouches for a change while TOTP is on. */
export interface CodeProof {
  /** A fresh TOTP code, a backup code, or three consecutive TOTP codes. */
  code: string | undefined;
}

/** Options of a call that changes something. */
export interface ProofOptions extends CallOptions {
  /** A code, or {@link TRUSTED}. Anything else is refused as `code_required` while TOTP is on. */
  proof?: CodeProof | Trusted | undefined;
}

/** Anything but a code or the symbol proves nothing, whatever came out of a request's body. */
export function readProof(options: ProofOptions | undefined): Proof {
  const { proof } = Object(options) as ProofOptions;
  if (proof === TRUSTED) return "trusted";
  const { code } = Object(proof) as { code?: unknown };
  return typeof code === "string" && code !== "" ? { code } : "missing";
}

export function actorOf(proof: Proof): Actor {
  return proof === "trusted" ? "trusted" : "user";
}
