import type { Client } from "../app/client.js";
import { ABSENT, addFields, replaceCode } from "../app/code-field.js";
import type { Door } from "../app/doors.js";
import type { Enrolled } from "../app/enrolled.js";
import type { Alter } from "../app/request.js";
import { type AppTrial, seen } from "../app/trial.js";
import { complain } from "../probe.js";
import type { DoorAttack } from "./attack.js";

const STRINGS =
  "Accept nothing but a string of digits, before anything else looks at it: a code that is missing or of another type must never skip the comparison.";

/** What stands in the place of the code, by the words for it. */
const NO_CODES: Readonly<Record<string, unknown>> = {
  "no field for the code": ABSENT,
  "an empty code": "",
  "a code of spaces": " ",
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
/** What a server may have in an object of its own, and a client in a body. */
const CLAIMS: Readonly<Record<string, Record<string, unknown>>> = {
  "isTrusted, verified and their like": {
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

const NO_CODE = "no code, or anything else in its place, is refused";

export const DOOR_OMISSIONS: readonly DoorAttack[] = [
  { name: NO_CODE, run: noCode },
  {
    name: "fields that claim that no code is needed are ignored",
    dependsOn: [NO_CODE],
    run: claims,
  },
  { name: "a list of guesses is refused", run: guesses },
];

async function noCode(trial: AppTrial, door: Door): Promise<void> {
  let enrolled = await trial.newUser();
  for (const [index, [shown, value]] of Object.entries(NO_CODES).entries()) {
    // Few enough for an account, as they may count as wrong codes.
    if (index % 2 === 0) enrolled = await trial.newUser();
    const client = await opensWith(trial, door, enrolled, value);
    if (client) complain(STRINGS, seen(client, `With ${shown}, ${door.name} was let through.`));
  }
}

async function claims(trial: AppTrial, door: Door): Promise<void> {
  for (const [shown, fields] of Object.entries(CLAIMS)) {
    const enrolled = await trial.newUser();
    const client = await opensWith(trial, door, enrolled, ABSENT, addFields(fields));
    if (!client) continue;
    complain(
      "Whether a code is needed is decided by the server alone. Never pass a body on as the options of a function.",
      seen(client, `With the fields ${shown} and no code, ${door.name} was let through.`),
    );
  }
}

async function guesses(trial: AppTrial, door: Door): Promise<void> {
  const enrolled = await trial.newUser();
  const approach = await door.approach(trial, enrolled);
  const [sent = "", ...wrong] = enrolled.wrongCodes(100);
  const list = [...wrong, await enrolled.freshCode()];
  const { alter } = replaceCode(sent, list);
  if (!(await approach.open(sent, approach.client.altered(alter)))) return;
  complain(
    `One request may try one code. ${STRINGS}`,
    seen(
      approach.client,
      `With an array of ${list.length} codes, the right one among them, ${door.name} was let through.`,
    ),
  );
}

/** The client that got through, if it did. */
async function opensWith(
  trial: AppTrial,
  door: Door,
  enrolled: Enrolled,
  value: unknown,
  alsoAlter: Alter = (same) => same,
): Promise<Client | undefined> {
  const { client, open } = await door.approach(trial, enrolled);
  // Not the right one, should the app find it in two places.
  const code = enrolled.wrongCodes(2)[1] ?? "";
  const { alter, count } = replaceCode(code, value);
  const opened = await open(
    code,
    client.altered((draft) => alsoAlter(alter(draft))),
  );
  if (count() === 0) {
    const places = "a field of json or form, a header, or in the query";
    throw new TypeError(
      `${door.name}: the code was not sent as ${places}, so it cannot be replaced.`,
    );
  }
  return opened ? client : undefined;
}
