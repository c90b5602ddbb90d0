/** What an issuer and an account name may be (Key Uri Format, "Label"). */
export const NAME_EXPECTATION =
  "a string that is not blank and has no ':' and no control character";

// Cc: control characters, Cs: surrogates without a partner, Zl and Zp: line and paragraph separators.
const FORBIDDEN = /[:\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What is wrong with an issuer or account name, or `undefined`. A name is shown to users, so it is no secret. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === "") return name === "" ? "an empty string" : "a string of white space";
  const found = FORBIDDEN.exec(name);
  if (!found) return undefined;
  const what = found[0] === ":" ? "a ':'" : `the character U+${hex(found[0])}`;
  return `${JSON.stringify(name.slice(0, 80))} with ${what} at index ${found.index}`;
}

/**
 * Characters of a name in the URI, where one that is not ASCII has up to twelve. Three times as much (the issuer
 * comes twice) fits the QR code of every error correction, and authenticator apps show less.
 */
const LONGEST_ENCODED = 320;
const LONGEST_NAME = 128;

const EVERY_FORBIDDEN = new RegExp(FORBIDDEN, "gu");
/** ASCII without control characters and `:`, and never too long once it is encoded. */
const USUAL_NAME = /^[\x20-9;-~]{0,100}$/;

/**
 * A user's own name with everything replaced that the URI cannot hold: `auth:42` becomes `auth-42`. Empty if
 * nothing is left.
 */
export function usableName(name: string): string {
  if (USUAL_NAME.test(name)) return name.trim();
  const cleaned = name.replace(/:/g, "-").replace(EVERY_FORBIDDEN, " ").trim();
  let shown = "";
  let encodedLength = 0;
  // By character, so that no surrogate is left without its partner.
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
