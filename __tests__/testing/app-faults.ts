import type { Bug } from "../helpers/vulnerable-app/bugs.js";
import type { KnownBy } from "../helpers/vulnerable-app/options.js";

/** An app with one bug, and the tests that it fails. Those that depend on them are not tried. */
export interface AppFault {
  bug: Bug;
  fails: readonly string[];
  /** Message of the first of them. */
  says: RegExp;
  knownBy?: KnownBy;
}

const all = (name: string) =>
  ["sign-in", "transfer", "payout", "disable"].map((each) => `${each}: ${name}`);
const calls = (name: string) => all(name).slice(1);

const USED = "a used code is refused";
const replayed = (spelling: string) => `a used code is refused ${spelling}`;
const EARLIER = "a code older than the last accepted one is refused";
const CONFIRMED = "sign-in: the code that confirmed the setup is refused";
const RACES = [
  "sign-in: a code signs in only one of several parallel sessions",
  "sign-in: a code signs in only once for parallel requests of one session",
];
const CALLS_RACE = "transfer: only one of several parallel requests with the same code succeeds";

const CODES: readonly AppFault[] = [
  {
    bug: "accepts used codes",
    fails: [
      CONFIRMED,
      ...all(USED),
      "transfer: the same code is refused the second time",
      "transfer: a code that it accepted cannot be used to sign in",
    ],
    says: /The code that confirmed the setup was accepted again to sign in\. .+ only once .+\nRequests: POST \/login → 200, POST \/login\/code → 303, GET \/account → 200\.$/s,
  },
  {
    bug: "strips spaces after it has looked for used codes",
    fails: all(replayed("with a space in it")),
    says: /already been used to sign in, and was sent again with a space in it\. Accept each code only once/,
  },
  {
    bug: "folds digits after it has looked for used codes",
    fails: all(replayed("in full-width digits")),
    says: /sent again in full-width digits\. /,
  },
  {
    bug: "remembers only the very last code",
    fails: all(EARLIER),
    says: /older than the last accepted one was accepted.+and of earlier ones\./,
  },
  { bug: "forgets the code that confirmed the setup", fails: [CONFIRMED], says: /confirmed/ },
  {
    bug: "remembers used codes for each call",
    fails: [...calls(USED), "transfer: a code that it accepted cannot be used to sign in"],
    says: /A replayed code was accepted \(transfer\).+shared by all operations/,
  },
  {
    bug: "marks codes as used too late",
    fails: [...RACES, CALLS_RACE],
    says: /Of 4 parallel requests with the same code, [234] signed in\. .+ one atomic step/,
  },
  {
    bug: "accepts any code",
    fails: all("a wrong code is refused"),
    says: /A wrong code was accepted/,
  },
  {
    bug: "accepts codes of an hour",
    fails: all("a code from five minutes earlier or later is refused"),
    says: /A code from 300 seconds earlier was accepted.+one before and after it/,
  },
  {
    bug: "accepts codes of all users",
    fails: ["sign-in: another user's code is refused"],
    says: /A code of one user completed the login of another user/,
  },
  {
    bug: "refuses right codes",
    fails: ["sign-in: a correct code is accepted"],
    says: /A correct code did not sign the user in: .+ confirmationCode\..+POST \/login\/code → 403/s,
  },
  {
    bug: "refuses right codes after the sign-in",
    fails: calls("a correct code is accepted"),
    says: /A correct code was refused: the function transfer returned false.+POST \/transfers → 403/s,
  },
  {
    bug: "keeps used backup codes",
    fails: ["backup code: it works only once"],
    says: /A used backup code was accepted again/,
  },
  {
    bug: "deletes backup codes too late",
    fails: ["backup code: it signs in only one of several parallel sessions"],
    says: /atomic/,
  },
  {
    bug: "accepts backup codes of all users",
    fails: ["backup code: another user's backup code is refused"],
    says: /A backup code of one user signed in another user/,
  },
];

const LOCKS = "wrong codes lock the account, even for a correct code";
const STAYS = "a correct code does not end the lock";
const AVOIDS = ["session", "address", "user agent"].map(
  (each) => `sign-in: a new ${each} for each wrong code does not avoid the lock`,
);
const COUNTS_ALL = "sign-in: all wrong codes sent in parallel are counted";

const LOCKOUT: readonly AppFault[] = [
  {
    bug: "never locks",
    fails: all(LOCKS),
    says: /after 5 wrong codes, a correct code was accepted \(sign-in\)\. Count wrong codes per account/,
  },
  {
    bug: "counts wrong codes of sign-ins only",
    fails: calls(LOCKS),
    says: /after 5 wrong codes, a correct code was accepted \(transfer\)\..+POST \/transfers → 200/s,
  },
  {
    bug: "ends the lock with a right code",
    fails: all(STAYS),
    says: /the next correct code was accepted.+While an account is locked/,
  },
  {
    bug: "counts by session",
    fails: AVOIDS.slice(0, 1),
    says: /after 5 wrong codes, each with a new session, .+no matter where they come from/,
  },
  { bug: "counts by address", fails: AVOIDS.slice(1, 2), says: /each with a new address/ },
  { bug: "counts by user agent", fails: AVOIDS.slice(2), says: /each with a new user agent/ },
  {
    bug: "loses counts",
    fails: [COUNTS_ALL],
    says: /after 10 wrong codes in parallel, a correct code signed in\. .+ one atomic step/,
  },
];

const NO_CODE = all("a missing or malformed code is refused");
const CLAIMS = all("fields that claim no code is needed are ignored");

const OMISSIONS: readonly AppFault[] = [
  {
    bug: "skips a missing code",
    fails: NO_CODE,
    says: /With no field for the code, sign-in succeeded\. .+ string of digits/,
  },
  { bug: "skips an empty code", fails: NO_CODE, says: /With an empty code, / },
  {
    bug: "skips null",
    fails: calls(String(NO_CODE[0]).slice(9)),
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
    fails: all("a list of codes is refused"),
    says: /With an array of 100 codes, one of them correct, sign-in succeeded/,
  },
  {
    bug: "trusts a field",
    knownBy: "id",
    fails: CLAIMS,
    says: /with the fields isTrusted, verified, and the like, sign-in succeeded\. Decide on the server/,
  },
  { bug: "trusts a field of proof", knownBy: "id", fails: CLAIMS, says: /proof: \{ isTrusted/ },
  { bug: "merges the body", knownBy: "id", fails: CLAIMS, says: /__proto__/ },
];

const COMPLETED = "sign-in: a completed login cannot be completed again";
const FIXATION = "sign-in: the session id changes when the code is accepted";

const SESSIONS: readonly AppFault[] = [
  {
    bug: "signs in by the password",
    fails: ["sign-in: the first factor alone does not sign in"],
    says: /The first factor alone signed the user in.+\nRequests: POST \/login → 200, GET \/account → 200\.$/s,
  },
  {
    bug: "keeps the session id",
    fails: [FIXATION],
    says: /cookies from before the first factor were signed in.+Create a new session id/,
  },
  { bug: "keeps the session id", knownBy: "id", fails: [FIXATION], says: /new session id/ },
  { bug: "keeps the login", fails: [COMPLETED], says: /completed a second time/ },
  { bug: "keeps the login", knownBy: "id", fails: [COMPLETED], says: /completed a second time/ },
  {
    bug: "finds the user by the code",
    fails: ["sign-in: a code without the first factor does not sign in"],
    says: /signed in a client that had not passed the first factor/,
  },
  {
    bug: "takes the user from the request",
    knownBy: "email",
    fails: ["sign-in: a code without the first factor does not sign in"],
    says: /signed in a client that had not passed the first factor/,
  },
];

const ODD_LOGIN: AppFault = {
  bug: "passes the id of a login to a query",
  knownBy: "id",
  fails: ["sign-in: a missing or malformed login id is refused"],
  says: /a request with \{ "\$ne": null \} instead of its id\. Accept only strings/,
};

const WAITING_SETUP = "setup: a pending login cannot begin one";

const SETUPS: readonly AppFault[] = [
  {
    bug: "refuses setups",
    fails: ["setup: a user can turn two-factor on"],
    says: /could not begin a setup.+POST \/setup → 403/s,
  },
  {
    bug: "confirms no setup",
    fails: ["setup: a user can turn two-factor on"],
    says: /the first factor alone still signs the user in/,
  },
  {
    bug: "refuses changes of the profile",
    fails: ["profile: a signed-in user can send the request"],
    says: /The request of a signed-in user was refused/,
  },
  {
    bug: "begins setups for anybody",
    fails: ["setup: it requires a signed-in user"],
    says: /Require a signed-in user for the setup\.\nRequests: POST \/setup → 200\.$/,
  },
  {
    bug: "begins setups for waiting logins",
    fails: [WAITING_SETUP],
    says: /entered only the password began a setup/,
  },
  {
    bug: "shows the secret again",
    fails: ["setup: the secret in use is not shown again"],
    says: /returned the secret that is already in use/,
  },
  {
    bug: "replaces without a code",
    fails: ["setup: replacing the authenticator requires a code"],
    says: /to another phone without a code/,
  },
  {
    bug: "takes the secret at the beginning",
    fails: ["setup: the client cannot choose the secret"],
    says: /The client chose the secret when it began the setup.+\nRequests: .*POST \/setup → 200\.$/s,
  },
  {
    bug: "takes the secret at the end",
    fails: ["setup: the client cannot choose the secret"],
    says: /The client chose the secret when it confirmed the setup/,
  },
  {
    bug: "ignores the age of a sign-in",
    fails: ["setup: it requires a recent login"],
    says: /began 301 seconds after the login.+stolen long ago/,
  },
  {
    bug: "lets waiting logins change the profile",
    fails: ["profile: a pending login cannot send the request"],
    says: /entered only the password could send profile/,
  },
];

const STEP_UPS: readonly AppFault[] = [
  {
    bug: "forgets to guard payouts",
    fails: ["payout: an old code is not enough"],
    says: /301 seconds after the code of the sign-in, payout succeeded without another one\. Guard the route.+\nRequests: .+POST \/payouts → 200\.$/s,
  },
  {
    bug: "never ends a step-up",
    fails: ["payout: an old code is not enough"],
    says: /301 seconds after the code of the step-up, payout succeeded/,
  },
  {
    bug: "steps up all sessions",
    fails: ["payout: a step-up in another session does not count"],
    says: /made another session of the user fresh.+in the session, not with the user/,
  },
  {
    bug: "lets waiting logins see payouts",
    fails: ["payout: a pending login cannot send the request"],
    says: /entered only the password could send payout/,
  },
];

const SENDS = "a request from another site is refused";
const SETUP_FROM_ELSEWHERE = "setup: another site cannot begin one";
const FRESH_SENDS = `payout: ${SENDS}, also after a step-up`;
const EVERYWHERE = [SETUP_FROM_ELSEWHERE, ...all(SENDS), FRESH_SENDS, `profile: ${SENDS}`];
const AS_ANOTHER = "sign-in: another site cannot sign its visitor in to the attacker's account";

const CROSS_SITE: readonly AppFault[] = [
  {
    bug: "never looks at the origin",
    fails: EVERYWHERE,
    says: /Refuse requests.+\nThe request was sent by a page of another site\. .+POST \/setup → 200/s,
  },
  {
    bug: "never looks at the origin",
    knownBy: "id",
    fails: [...EVERYWHERE, AS_ANOTHER],
    says: /signed its visitor in to the attacker's account/,
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
    fails: [SETUP_FROM_ELSEWHERE, ...calls(SENDS)],
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
  {
    bug: "leaves out the origin at the payouts",
    fails: [FRESH_SENDS],
    says: /POST \/payouts → 200/,
  },
];

const REDIRECTS_OUT = all("no parameter redirects to another site");
const SECRET_LATER = ["leaks: no response after the setup contains the secret or a backup code"];

const RESPONSES: readonly AppFault[] = [
  {
    bug: "redirects anywhere",
    fails: REDIRECTS_OUT,
    says: /POST \/login\/code redirected to "https:\/\/evil\.example\/".+only to paths of the app/,
  },
  {
    bug: "redirects to what begins with a slash",
    fails: REDIRECTS_OUT,
    says: /redirected to "\/\/evil\.example\/"/,
  },
  {
    bug: "redirects to what does not begin with two slashes",
    fails: REDIRECTS_OUT,
    says: /redirected to "\/\\\\evil\.example\/"/,
  },
  {
    bug: "has the secret in the account",
    fails: SECRET_LATER,
    says: /The response to GET \/account contains the secret.+whole record/,
  },
  {
    bug: "has the secret in the status",
    fails: SECRET_LATER,
    says: /The response to GET \/status/,
  },
  { bug: "has the backup codes in the status", fails: SECRET_LATER, says: /GET \/status/ },
  {
    bug: "has the right code in errors",
    fails: all("the response to a wrong code does not contain the correct one"),
    says: /The response to POST \/login\/code, .+ contains the correct one/,
  },
  {
    bug: "lets the setup be cached",
    fails: ["leaks: the response with the secret is not cached"],
    says: /The response to POST \/setup contains the secret .+no-store/,
  },
  {
    bug: "lets backup codes be cached",
    fails: ["leaks: the response with the backup codes is not cached"],
    says: /The response to POST \/confirm contains backup codes .+no-store/,
  },
];

export const APP_FAULTS: readonly AppFault[] = [
  ...CODES,
  ...LOCKOUT,
  ...OMISSIONS,
  ...SESSIONS,
  ODD_LOGIN,
  ...SETUPS,
  ...STEP_UPS,
  ...CROSS_SITE,
  ...RESPONSES,
];
