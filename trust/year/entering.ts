// How a person enters a code, and what they do when it is refused.
import { codeAt } from "../../__tests__/helpers/service.js";
import { STEP_MS, type Visit, type World } from "./world.js";

/** What the owner is like. */
export interface Owner {
  signInsADay: number;
  /** How far the phone's clock is ahead. */
  clockOffMs: number;
  /** Goes on with the codes that were noted, or starts over with three new ones after a refusal. */
  isForgetful: boolean;
}

/** Of a single code, and of three in one field. */
const TYPO = 0.03;
/** Some users have their backup codes at hand when there is a lock. */
const BACKUP_CODE = 0.2;
const READ_MS = 4_000;
const BACKUP_CODE_MS = 25_000;
export const PATIENCE_MS = 300_000;

type How = "single" | "backup_code" | "three_codes";
export type Answer = { ok: true } | { ok: false; reason: string };

/** What is given away between two tries, and what the person has noted. */
interface Memory {
  how: How;
  noted: { step: number; code: string }[];
  lastStep: number;
  lastTypo: boolean;
}

type Waiting<Result> = AsyncGenerator<number, Result, void>;

/**
 * Enters codes until one is accepted, or the owner gives up. `send` sends one; `again` is called if the page has to
 * be begun again, as the login session is gone.
 */
export async function* enterCode(
  world: World,
  owner: Owner,
  kind: Visit["kind"],
  send: (code: string) => Promise<Answer>,
  again: () => Waiting<void>,
): Waiting<boolean> {
  const { clock } = world.rig;
  const memory: Memory = { how: "single", noted: [], lastStep: -1, lastTypo: false };
  const visit = beginVisit(world, kind);
  let first: number | undefined;
  let firstBackupCode: number | undefined;
  for (;;) {
    const code = yield* typeCode(world, owner, memory, visit.tries > 0);
    visit.tries++;
    first ??= clock.time;
    if (memory.how === "backup_code") firstBackupCode ??= clock.time;
    if (memory.how === "three_codes" && memory.lastTypo) visit.hadTypoInThree = true;
    const answer = await send(code);
    visit.keptOutMs = clock.time - first;
    if (firstBackupCode !== undefined) visit.keptOutWithBackupCodeMs = clock.time - firstBackupCode;
    if (answer.ok) {
      if (memory.how === "backup_code") world.backupCodes.pop();
      return true;
    }
    if (visit.keptOutMs > PATIENCE_MS) {
      visit.hasGivenUp = true;
      return false;
    }
    if (answer.reason === "locked") choose(world, memory);
    else if (answer.reason === "unknown_session") {
      if (owner.isForgetful) memory.noted = [];
      // Nobody looked at the code.
      memory.lastStep = -1;
      yield* again();
    } else if (answer.reason !== "wrong_code") throw new Error(`The owner met ${answer.reason}`);
    else if (owner.isForgetful) memory.noted = [];
    // Nothing was wrong with them but their age: the next code takes the place of the first.
    else if (!memory.lastTypo) memory.noted.shift();
  }
}

export function beginVisit({ visits }: World, kind: Visit["kind"]): Visit {
  const visit: Visit = {
    kind,
    keptOutMs: 0,
    keptOutWithBackupCodeMs: undefined,
    tries: 0,
    hadTypoInThree: false,
    hasGivenUp: false,
  };
  visits.push(visit);
  return visit;
}

function choose({ random, backupCodes }: World, memory: Memory): void {
  memory.how = backupCodes.length > 0 && random() < BACKUP_CODE ? "backup_code" : "three_codes";
}

/** Takes the time that it takes, and returns what is sent. */
async function* typeCode(
  world: World,
  owner: Owner,
  memory: Memory,
  isAgain: boolean,
): Waiting<string> {
  const { random, rig } = world;
  const { clock } = rig;
  memory.lastTypo = random() < TYPO;
  const spoil = (code: string) => (memory.lastTypo ? withTypo(code, random) : code);
  if (memory.how === "backup_code") {
    memory.lastTypo = false;
    yield clock.time + BACKUP_CODE_MS * (0.8 + 0.4 * random());
    return String(world.backupCodes.at(-1));
  }
  if (memory.how === "three_codes") {
    yield* noteThree(world, owner, memory);
    yield clock.time + READ_MS;
    return spoil(memory.noted.map(({ code }) => code).join(" "));
  }
  // The phone has to be found first.
  yield clock.time + (isAgain ? 1_000 : 2_000 + 12_000 * random());
  const shown = yield* readPhone(world, owner, memory.lastStep);
  if (!memory.lastTypo) memory.lastStep = shown.step;
  yield clock.time + READ_MS;
  return spoil(shown.code);
}

async function* noteThree(world: World, owner: Owner, { noted }: Memory): Waiting<void> {
  while (noted.length < 3) {
    noted.push(yield* readPhone(world, owner, noted.at(-1)?.step ?? -1));
  }
}

/** What the phone shows, as soon as that is of a step after the given one. */
async function* readPhone(
  { rig: { clock }, secret, digits }: World,
  { clockOffMs }: Owner,
  after: number,
): Waiting<{ step: number; code: string }> {
  const shown = () => Math.floor((clock.time + clockOffMs) / STEP_MS);
  if (shown() <= after) yield (after + 1) * STEP_MS - clockOffMs;
  const step = shown();
  return { step, code: codeAt(secret, step * STEP_MS, { digits }) };
}

function withTypo(code: string, random: () => number): string {
  const at = Math.floor(random() * 6);
  const digit = (Number(code[at]) + 1 + Math.floor(random() * 9)) % 10;
  return code.slice(0, at) + digit + code.slice(at + 1);
}
