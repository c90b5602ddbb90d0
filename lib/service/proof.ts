import { type OptionTable, withDefault } from "../base/options.js";
import { CALL_OPTIONS, type CallOptions } from "./core.js";
import type { Actor } from "./events.js";
import type { Proof } from "./machine/with-proof.js";

/**
 * The type of {@link TRUSTED}. It is structural, so that it is the same type in both builds of this library.
 *
 * @example
 * ```ts
 * const proofOf = (isAdmin: boolean): Trusted | undefined => (isAdmin ? TRUSTED : undefined);
 * ```
 */
export type Trusted = symbol & { readonly isTrustedProof: true };

/**
 * Vouches for a change instead of a code. For tools of administrators, and for apps that have verified the user by
 * other means. It is a symbol, so the body of a request cannot contain it.
 *
 * @example
 * ```ts
 * await totp.disable(user.id, { proof: TRUSTED });
 * ```
 */
// A registered symbol, because the CommonJS and the ES module build of this library can be loaded at the same time.
export const TRUSTED = Symbol.for("express-totp-setup.trusted") as Trusted;

/**
 * A code that vouches for a change while TOTP is on.
 *
 * @example
 * ```ts
 * const proof: CodeProof = { code: req.get("X-TOTP-Code") };
 * const outcome = await totp.disable(user.id, { proof });
 * ```
 */
export interface CodeProof {
  /** A fresh TOTP code, a backup code, or three consecutive TOTP codes. */
  code: string | undefined;
}

/**
 * Options of a call that changes something.
 *
 * @example
 * ```ts
 * const options: ProofOptions = { proof: { code: "123456" }, context: { ip: req.ip } };
 * const outcome = await totp.regenerateBackupCodes(user.id, options);
 * ```
 */
export interface ProofOptions extends CallOptions {
  /** A code, or {@link TRUSTED}. While TOTP is on, anything else is refused with `code_required`. */
  proof?: CodeProof | Trusted | undefined;
}

export const PROOF_OPTIONS = {
  ...CALL_OPTIONS,
  proof: withDefault(undefined, (_, proof) => readProof(proof)),
} satisfies OptionTable<ProofOptions>;

/** Accepts only a code or the symbol. The value can come from the body of a request, so it can be anything. */
export function readProof(proof: unknown): Proof {
  if (proof === TRUSTED) return "trusted";
  const { code } = Object(proof) as { code?: unknown };
  return typeof code === "string" && code !== "" ? { code } : "missing";
}

export function actorOf(proof: Proof): Actor {
  return proof === "trusted" ? "trusted" : "user";
}
