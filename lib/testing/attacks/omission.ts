import { ABSENT, addFields, replaceValue } from "../app/alter.js";
import type { Client } from "../app/client.js";
import type { Enrolled } from "../app/enrolled.js";
import type { Operation } from "../app/operations.js";
import type { Alter } from "../app/request.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { OperationAttack } from "./attack.js";
import { orFresh } from "./basics.js";

const STRINGS =
  "Check that the code is a string of digits before you do anything else with it: a missing code or another type must never skip the comparison.";

/** Values that replace the code, by their descriptions. */
const NO_CODES: Readonly<Record<string, unknown>> = {
  "no field for the code": ABSENT,
  "an empty code": "",
  "a space as the code": " ",
  "null as the code": null,
  "true as the code": true,
  "0 as the code": 0,
  "an empty array as the code": [],
  "an array with null as the code": [null],
  "an empty object as the code": {},
  '{ "$ne": null } as the code': { $ne: null },
  '"null" as the code': "null",
  '"undefined" as the code': "undefined",
  "000000 as the code": "000000",
  "a code of 10,000 digits": "1".repeat(10_000),
};

const CLAIM = { isTrusted: true };
/** Fields that an app may use internally and that a client can send. */
const CLAIMS: Readonly<Record<string, Record<string, unknown>>> = {
  "isTrusted, verified, and the like": {
    ...CLAIM,
    trusted: true,
    verified: true,
    isVerified: true,
    totpVerified: true,
    totp_verified: true,
    twoFactorPassed: true,
    skip: true,
  },
  "proof: { isTrusted: true }": { proof: CLAIM },
  "__proto__ and constructor": JSON.parse(
    '{"__proto__":{"isTrusted":true,"verified":true,"proof":{"isTrusted":true}},"constructor":{"prototype":{"isTrusted":true,"verified":true}}}',
  ),
};

const NO_CODE = "a missing or malformed code is refused";

export const OPERATION_OMISSIONS: readonly OperationAttack[] = [
  { name: NO_CODE, run: noCode },
  { name: "fields that claim no code is needed are ignored", dependsOn: [NO_CODE], run: claims },
  { name: "a list of codes is refused", run: guesses },
];

async function noCode(trial: AppTrial, operation: Operation): Promise<void> {
  let enrolled = await trial.newUser();
  for (const [index, [shown, value]] of Object.entries(NO_CODES).entries()) {
    // Few tries per user, because they may count as wrong codes.
    if (index % 2 === 0) enrolled = await trial.newUser();
    const client = await succeedsWith(trial, operation, enrolled, value);
    if (client) {
      complain(
        `With ${shown}, ${operation.name} succeeded. ${STRINGS}${orFresh(operation)}`,
        seen(client),
      );
    }
  }
}

async function claims(trial: AppTrial, operation: Operation): Promise<void> {
  for (const [shown, fields] of Object.entries(CLAIMS)) {
    const enrolled = await trial.newUser();
    const client = await succeedsWith(trial, operation, enrolled, ABSENT, addFields(fields));
    if (!client) continue;
    complain(
      `Without a code and with the fields ${shown}, ${operation.name} succeeded. Decide on the server whether a code is required, and never pass a request body as the options of a function.`,
      seen(client),
    );
  }
}

async function guesses(trial: AppTrial, operation: Operation): Promise<void> {
  const enrolled = await trial.newUser();
  const { client, submit } = await operation.prepare(trial, enrolled);
  const [sent, ...wrong] = enrolled.wrongCodes(100) as [string, ...string[]];
  const list = [...wrong, await enrolled.freshCode()];
  const { alter } = replaceValue(sent, list);
  if (!(await submit(sent, client.altered(alter)))) return;
  complain(
    `With an array of ${list.length} codes, one of them correct, ${operation.name} succeeded. Verify only one code per request. ${STRINGS}`,
    seen(client),
  );
}

/** Returns the client if it succeeded. */
async function succeedsWith(
  trial: AppTrial,
  operation: Operation,
  enrolled: Enrolled,
  value: unknown,
  alsoAlter: Alter = (same) => same,
): Promise<Client | undefined> {
  const { client, submit } = await operation.prepare(trial, enrolled);
  // A wrong code, in case the app reads the code from two places.
  const [, code] = enrolled.wrongCodes(2) as [string, string];
  const { alter, count } = replaceValue(code, value);
  const isAccepted = await submit(
    code,
    client.altered((draft) => alsoAlter(alter(draft))),
  );
  if (count() === 0) {
    const places = "a field of json or form, in a header, in the query, or in the path";
    throw new TypeError(
      `${operation.name}: expected the code, unchanged, as ${places}. It was not there, so it cannot be replaced.`,
    );
  }
  return isAccepted ? client : undefined;
}
