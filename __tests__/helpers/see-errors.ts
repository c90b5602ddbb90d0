/** How the message of an error of the library ends: with the section about its code. */
export function seeErrors(code = "INVALID_OPTION"): string {
  return ` See express-totp-setup/docs/errors.md#${code.toLowerCase()}`;
}
