/** Mistakes that apps with two-factor make. The app has none but those that are switched on. */
export const BUGS = [
  // Codes
  "accepts used codes",
  "strips spaces after it has looked for used codes",
  "folds digits after it has looked for used codes",
  "remembers only the very last code",
  "forgets the code that confirmed the setup",
  "remembers used codes for each call",
  "marks codes as used too late",
  "accepts any code",
  "accepts codes of an hour",
  "accepts codes of all users",
  "refuses right codes",
  // Backup codes
  "keeps used backup codes",
  "deletes backup codes too late",
  "accepts backup codes of all users",
  // Lockout
  "never locks",
  "counts wrong codes of sign-ins only",
  "ends the lock with a right code",
  "counts by session",
  "counts by address",
  "counts by user agent",
  "loses counts",
  // What stands in the place of a code
  "skips a missing code",
  "skips an empty code",
  "skips null",
  "compares loosely",
  "passes the code to a query",
  "tries each element",
  "trusts a field",
  "trusts a field of proof",
  "merges the body",
  // Sessions
  "signs in by the password",
  "keeps the session id",
  "keeps the login",
  "finds the user by the code",
  "takes the user from the request",
  "passes the id of a login to a query",
  // Setups
  "begins setups for anybody",
  "begins setups for waiting logins",
  "shows the secret again",
  "replaces without a code",
  "takes the secret at the beginning",
  "takes the secret at the end",
  "ignores the age of a sign-in",
  // Other sites
  "never looks at the origin",
  "trusts browsers without Sec-Fetch-Site",
  "trusts Origin: null",
  "trusts the same site",
  "allows every origin by CORS",
  "leaves out the origin at the sign-in",
  "leaves out the origin at the setup",
  "leaves out the origin at the profile",
  "lets waiting logins change the profile",
  // Redirects
  "redirects anywhere",
  "redirects to what begins with a slash",
  "redirects to what does not begin with two slashes",
  // Leaks
  "has the secret in the account",
  "has the secret in the status",
  "has the backup codes in the status",
  "has the right code in errors",
  "lets the setup be cached",
  "lets backup codes be cached",
] as const;

export type Bug = (typeof BUGS)[number];
export type HasBug = (bug: Bug) => boolean;
