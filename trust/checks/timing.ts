// Whether the time of a refusal says anything about what was refused. SAMPLES scales it down, for a try.
import { createRandom, readSeed } from "../random.js";
import { compareBackupCodes, compareCodes, compareControl } from "../timing/codes.js";
import { countLoginResponses } from "../timing/responses.js";
import { compareDeviceTokens, compareSessions } from "../timing/tokens.js";
import { type Measured, MOST_T, measure } from "../welch.js";

const SAMPLES = Number(process.env.SAMPLES ?? 150_000);
const random = createRandom(readSeed()).next;

function show(measured: readonly Measured[]): void {
  console.table(
    measured.map(({ name, samples, t, medians }) => ({
      check: name,
      samples,
      t: t.toFixed(2),
      "medians, µs": medians.map((each) => each.toFixed(2)).join(" / "),
    })),
  );
}

const control = await measure(compareControl(SAMPLES / 5, random), random);
const sessions = await compareSessions(SAMPLES, random);
const measured: Measured[] = [];
for (const each of compareCodes(SAMPLES, random)) measured.push(await measure(each, random));
measured.push(await measure(compareBackupCodes(SAMPLES, random), random));
measured.push(await measure(sessions.promised, random));
measured.push(await measure(await compareDeviceTokens(SAMPLES, random), random));
show([control, ...measured]);

// A store that has something of a user takes longer than one that has nothing, and so does reading it.
console.log("\nNot promised");
show([await measure(sessions.notPromised, random)]);

const responses = await countLoginResponses();
console.log(`\nDifferent responses to unknown sessions, of any user: ${responses}`);

const leaks = measured.filter(({ t }) => Math.abs(t) >= MOST_T);
const isBlind = Math.abs(control.t) < MOST_T;
if (isBlind) console.log("The control was not seen: this run shows nothing");
for (const { name } of leaks) console.log(`The times differ: ${name}`);
if (isBlind || leaks.length > 0 || responses !== 1) process.exitCode = 1;
