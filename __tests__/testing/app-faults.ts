import type { Bug } from "../helpers/vulnerable-app/bugs.js";
import type { KnownBy } from "../helpers/vulnerable-app/options.js";

/** An app with one bug, and all the attacks that fail for it; those that depend on them are not tried. */
export interface AppFault {
  bug: Bug;
  fails: readonly string[];
  /** What the first of them says. */
  says: RegExp;
  knownBy?: KnownBy;
}

const atDoors = (name: string, doors = ["sign-in", "transfer", "disable"]) =>
  doors.map((door) => `${door}: ${name}`);
/** But for the sign-in. */
const changing = (name: string) => atDoors(name, ["transfer", "disable"]);

const USED = "a code that was used is refused";
const replayed = (spelling: string) => `a code that was used${spelling} is refused`;
const EARLIER = "a code from before the last one is refused";
const CONFIRMED = "sign-in: the code that confirmed the setup is refused";
const RACES = [
  "sign-in: of parallel sessions with one code, one signs in",
  "sign-in: of parallel requests of one session with one code, one signs in",
];
const CALLS_RACE = "transfer: of parallel requests with one code, one gets through";

const CODES: readonly AppFault[] = [
  {
    bug: "accepts used codes",
    fails: [
      CONFIRMED,
      ...atDoors(USED),
      "transfer: a code that it has accepted is refused the second time",
      "transfer: a code that it has accepted does not sign in",
    ],
    says: /The code that confirmed the setup signed in\. .+ once .+\nRequests: POST \/login → 200, POST \/login\/code → 303, GET \/account → 200\.$/s,
  },
  {
    bug: "strips spaces after it has looked for used codes",
    fails: atDoors(replayed(", with a space in it,")),
    says: /once.+\nThe code that had signed in, with a space in it, was accepted\./s,
  },
  {
    bug: "folds digits after it has looked for used codes",
    fails: atDoors(replayed(", in full-width digits,")),
    says: /once.+\nThe code that had signed in, in full-width digits, was accepted/s,
  },
  {
    bug: "remembers only the very last code",
    fails: atDoors(EARLIER),
    says: /and all before it\.\nThe code of the time step before the last accepted one was/,
  },
  { bug: "forgets the code that confirmed the setup", fails: [CONFIRMED], says: /confirmed/ },
  {
    bug: "remembers used codes for each call",
    fails: [...changing(USED), "transfer: a code that it has accepted does not sign in"],
    says: /for all calls together.+accepted/s,
  },
  {
    bug: "marks codes as used too late",
    fails: [...RACES, CALLS_RACE],
    says: /atomic.+\nOf 4 requests with one code at the same time, [234] sessions were signed in/s,
  },
  {
    bug: "accepts any code",
    fails: atDoors("a wrong code does not open it"),
    says: /A wrong code was accepted/,
  },
  {
    bug: "accepts codes of an hour",
    fails: atDoors("a code that is right five minutes before or after does not open it"),
    says: /one time step before and after now.+\nThe code was that of 300 seconds ago\./s,
  },
  {
    bug: "accepts codes of all users",
    fails: ["sign-in: a code of another user is refused"],
    says: /A code of one user completed the login of another one/,
  },
  {
    bug: "refuses right codes",
    fails: ["sign-in: a right code opens it"],
    says: /A right code did not sign the user in\. .+ confirmationCode\..+POST \/login\/code → 403/s,
  },
  {
    bug: "refuses right codes after the sign-in",
    fails: changing("a right code opens it"),
    says: /A right code was refused.+POST \/transfers → 403/s,
  },
  {
    bug: "keeps used backup codes",
    fails: ["backup code: it signs in once"],
    says: /A used one signed in again/,
  },
  {
    bug: "deletes backup codes too late",
    fails: ["backup code: of parallel sessions with one code, one signs in"],
    says: /atomic/,
  },
  {
    bug: "accepts backup codes of all users",
    fails: ["backup code: one of another user is refused"],
    says: /A backup code of one user signed in another one/,
  },
];

const LOCKS = "wrong codes lock the account, also to the right code";
const STAYS = "a right code does not end the lock";
const AVOIDS = ["session", "address", "user agent"].map(
  (each) => `sign-in: a new ${each} for each wrong code does not avoid the lock`,
);
const COUNTS_ALL = "sign-in: wrong codes at the same time are all counted";

const LOCKOUT: readonly AppFault[] = [
  {
    bug: "never locks",
    fails: atDoors(LOCKS),
    says: /Count the wrong codes of an account/,
  },
  {
    bug: "counts wrong codes of sign-ins only",
    fails: changing(LOCKS),
    says: /After 5 wrong codes, the right code was accepted at once\..+POST \/transfers → 200/s,
  },
  {
    bug: "ends the lock with a right code",
    fails: atDoors(STAYS),
    says: /While an account is locked.+the next right one was accepted/s,
  },
  {
    bug: "counts by session",
    fails: AVOIDS.slice(0, 1),
    says: /from wherever they come.+\nAfter 5 wrong codes, each by such a client/s,
  },
  { bug: "counts by address", fails: AVOIDS.slice(1, 2), says: /from wherever they come/ },
  { bug: "counts by user agent", fails: AVOIDS.slice(2), says: /from wherever they come/ },
  {
    bug: "loses counts",
    fails: [COUNTS_ALL],
    says: /one atomic step.+\nAfter 10 wrong codes at the same time, a right one signed in/s,
  },
];

const NO_CODE = atDoors("no code, or anything else in its place, is refused");
const CLAIMS = atDoors("fields that claim that no code is needed are ignored");

const OMISSIONS: readonly AppFault[] = [
  {
    bug: "skips a missing code",
    fails: NO_CODE,
    says: /string of digits.+\nWith no field for the code, sign-in was let through/s,
  },
  { bug: "skips an empty code", fails: NO_CODE, says: /With an empty code, / },
  {
    bug: "skips null",
    fails: changing(String(NO_CODE[0]).slice(9)),
    says: /With null as the code/,
  },
  { bug: "skips null", knownBy: "id", fails: NO_CODE, says: /With null as the code/ },
  { bug: "compares loosely", knownBy: "id", fails: NO_CODE, says: /With true as the code/ },
  {
    bug: "passes the code to a query",
    fails: NO_CODE,
    says: /With \{ "\$ne": null \} as the code/,
  },
  {
    bug: "tries each element",
    fails: atDoors("a list of guesses is refused"),
    says: /With an array of 100 codes, the right one among them, sign-in was let through/,
  },
  {
    bug: "trusts a field",
    knownBy: "id",
    fails: CLAIMS,
    says: /decided by the server alone.+\nWith the fields isTrusted, verified and their like and no/s,
  },
  { bug: "trusts a field of proof", knownBy: "id", fails: CLAIMS, says: /proof: \{ isTrusted/ },
  { bug: "merges the body", knownBy: "id", fails: CLAIMS, says: /__proto__/ },
];

const COMPLETED = "sign-in: a login that was completed cannot be completed again";
const FIXATION = "sign-in: no session from before the code is signed in by it";

const SESSIONS: readonly AppFault[] = [
  {
    bug: "signs in by the password",
    fails: ["sign-in: the first factor alone does not sign in"],
    says: /signed in without a code\..+\nRequests: POST \/login → 200, GET \/account → 200\.$/s,
  },
  {
    bug: "keeps the session id",
    fails: [FIXATION],
    says: /new session with a new id.+\nThe cookies from before the first factor were signed in/s,
  },
  { bug: "keeps the session id", knownBy: "id", fails: [FIXATION], says: /new id/ },
  { bug: "keeps the login", fails: [COMPLETED], says: /completed a second time/ },
  { bug: "keeps the login", knownBy: "id", fails: [COMPLETED], says: /completed a second time/ },
  {
    bug: "finds the user by the code",
    fails: ["sign-in: a code without the first factor does not sign in"],
    says: /A code signed in without the first factor/,
  },
  {
    bug: "takes the user from the request",
    knownBy: "email",
    fails: ["sign-in: a code without the first factor does not sign in"],
    says: /A code signed in without the first factor/,
  },
];

const ODD_LOGIN: AppFault = {
  bug: "passes the id of a login to a query",
  knownBy: "id",
  fails: ["sign-in: anything in the place of a login completes none"],
  says: /nothing but a string as its id\.\nSent in the place of the id was \{ "\$ne": null \}\./,
};

const WAITING_SETUP = "setup: it is not for a login that waits for its code";

const SETUPS: readonly AppFault[] = [
  {
    bug: "refuses setups",
    fails: ["setup: a user turns two-factor on"],
    says: /could not begin a setup.+POST \/setup → 403/s,
  },
  {
    bug: "confirms no setup",
    fails: ["setup: a user turns two-factor on"],
    says: /the first factor alone still signs in/,
  },
  {
    bug: "refuses changes of the profile",
    fails: ["profile: a signed-in user can send the request"],
    says: /A signed-in user was refused/,
  },
  {
    bug: "begins setups for anybody",
    fails: ["setup: it is for nobody who is not signed in"],
    says: /for nobody else\.\nRequests: POST \/setup → 200\.$/,
  },
  {
    bug: "begins setups for waiting logins",
    fails: [WAITING_SETUP],
    says: /the password alone was shown a secret/,
  },
  {
    bug: "shows the secret again",
    fails: ["setup: it shows no secret that is in use"],
    says: /The secret in use was shown again/,
  },
  {
    bug: "replaces without a code",
    fails: ["setup: without a code it replaces no authenticator"],
    says: /to another phone without a code/,
  },
  {
    bug: "takes the secret at the beginning",
    fails: ["setup: the client cannot choose the secret"],
    says: /A client chose the secret.+\nRequests: .*POST \/setup → 200\.$/s,
  },
  {
    bug: "takes the secret at the end",
    fails: ["setup: the client cannot choose the secret"],
    says: /A client chose the secret.+\nIts own secret was confirmed\./s,
  },
  {
    bug: "ignores the age of a sign-in",
    fails: ["setup: an old sign-in cannot begin one"],
    says: /stolen long ago.+\nThe sign-in was 301 seconds ago/s,
  },
  {
    bug: "lets waiting logins change the profile",
    fails: ["profile: a login that waits for its code cannot send the request"],
    says: /the password alone changed something/,
  },
];

const SENDS = "another site cannot send the request";
const SETUP_FROM_ELSEWHERE = "setup: another site cannot begin one";
const EVERYWHERE = [
  SETUP_FROM_ELSEWHERE,
  ...atDoors(SENDS, ["sign-in", "transfer", "disable", "profile"]),
];
const AS_ANOTHER = "sign-in: another site cannot sign its visitor in as somebody else";

const CROSS_SITE: readonly AppFault[] = [
  {
    bug: "never looks at the origin",
    fails: EVERYWHERE,
    says: /Refuse requests.+\nIt came from a page of another site\. .+POST \/setup → 200/s,
  },
  {
    bug: "never looks at the origin",
    knownBy: "id",
    fails: [...EVERYWHERE, AS_ANOTHER],
    says: /goes on in the account of the attacker/,
  },
  {
    bug: "trusts browsers without Sec-Fetch-Site",
    fails: EVERYWHERE,
    says: /browser that does not send Sec-Fetch-Site/,
  },
  { bug: "trusts Origin: null", fails: EVERYWHERE, says: /a sandboxed frame \(Origin: null\)/ },
  { bug: "trusts the same site", fails: EVERYWHERE, says: /another host of the same site/ },
  {
    bug: "allows every origin by CORS",
    fails: [SETUP_FROM_ELSEWHERE, ...changing(SENDS)],
    says: /OPTIONS \/setup → 204, POST \/setup → 200/,
  },
  {
    bug: "leaves out the origin at the sign-in",
    fails: [`sign-in: ${SENDS}`],
    says: /POST \/login\/code → 303/,
  },
  {
    bug: "leaves out the origin at the setup",
    fails: [SETUP_FROM_ELSEWHERE],
    says: /POST \/setup → 200/,
  },
  {
    bug: "leaves out the origin at the profile",
    fails: [`profile: ${SENDS}`],
    says: /POST \/profile → 200/,
  },
];

const LEADS_OUT = atDoors("no parameter leads out of the app");
const SECRET_LATER = ["leaks: no response to a signed-in user has the secret or a backup code"];

const RESPONSES: readonly AppFault[] = [
  {
    bug: "redirects anywhere",
    fails: LEADS_OUT,
    says: /paths of the app alone.+\nPOST \/login\/code redirected to "https:\/\/evil\.example\/"/s,
  },
  {
    bug: "redirects to what begins with a slash",
    fails: LEADS_OUT,
    says: /redirected to "\/\/evil\.example\/"/,
  },
  {
    bug: "redirects to what does not begin with two slashes",
    fails: LEADS_OUT,
    says: /redirected to "\/\\\\evil\.example\/"/,
  },
  {
    bug: "has the secret in the account",
    fails: SECRET_LATER,
    says: /as it is.+\nIt is in the response to GET \/account/s,
  },
  {
    bug: "has the secret in the status",
    fails: SECRET_LATER,
    says: /in the response to GET \/status/,
  },
  { bug: "has the backup codes in the status", fails: SECRET_LATER, says: /GET \/status/ },
  {
    bug: "has the right code in errors",
    fails: atDoors("the response to a wrong code has no right one"),
    says: /what was expected into an error\.\nIt is in the response to POST \/login\/code/,
  },
  {
    bug: "lets the setup be cached",
    fails: ["leaks: the response with the secret is not cached"],
    says: /no-store.+\nThe one to POST \/setup does not/s,
  },
  {
    bug: "lets backup codes be cached",
    fails: ["leaks: the response with the backup codes is not cached"],
    says: /no-store.+\nThe one to POST \/confirm does not/s,
  },
];

export const APP_FAULTS: readonly AppFault[] = [
  ...CODES,
  ...LOCKOUT,
  ...OMISSIONS,
  ...SESSIONS,
  ODD_LOGIN,
  ...SETUPS,
  ...CROSS_SITE,
  ...RESPONSES,
];
