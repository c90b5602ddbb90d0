/** What an issuer and an account name can be (Key Uri Format, "Label"). */
export const NAME_EXPECTATION = "a non-blank string without ':' or control characters";

// Cc: control characters, Cs: lone surrogates, Zl and Zp: line and paragraph separators.
const FORBIDDEN = /[:\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Returns what is wrong with an issuer or account name, or `undefined`. Names are not secret, so it is quoted. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === "") return name === "" ? "an empty string" : "a string of white space";
  const found = FORBIDDEN.exec(name);
  if (!found) return undefined;
  const what = found[0] === ":" ? "a ':'" : `the character U+${hex(found[0])}`;
  return `${JSON.stringify(name.slice(0, 80))} with ${what} at index ${found.index}`;
}

/**
 * The maximum length of a name in the URI, where a non-ASCII character takes up to twelve. Three times this length (the
 * issuer is in the URI twice) fits a QR code of every error correction level, and authenticator apps show less.
 */
const LONGEST_ENCODED = 320;
const LONGEST_NAME = 128;

const EVERY_FORBIDDEN = new RegExp(FORBIDDEN, "gu");
/** ASCII without control characters and `:`, and short enough even when it is encoded. */
const USUAL_NAME = /^[\x20-9;-~]{0,100}$/;

/**
 * Replaces everything in a user's name that the URI cannot contain: `auth:42` becomes `auth-42`. Returns an empty
 * string if nothing is left.
 */
export function usableName(name: string): string {
  if (USUAL_NAME.test(name)) return name.trim();
  const cleaned = name.replace(/:/g, "-").replace(EVERY_FORBIDDEN, " ").trim();
  let shown = "";
  let encodedLength = 0;
  // By code point, so that no surrogate pair is split.
  for (const character of [...cleaned].slice(0, LONGEST_NAME)) {
    encodedLength += encodeURIComponent(character).length;
    if (encodedLength > LONGEST_ENCODED) break;
    shown += character;
  }
  return shown.trim();
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
}
