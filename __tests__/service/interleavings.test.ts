// Calls for one user run side by side in every order that fast-check finds, and each order is checked.
import { createMemoryStore, type TotpStore } from "express-totp-setup";
import fc from "fast-check";
import type { TotpState } from "../../lib/service/state.js";
import { decodeState } from "../../lib/service/storage/state-text.js";
import {
  codeAt,
  createRig,
  type Rig,
  START,
  secretNo,
  TestClock,
  wrongCodes,
} from "../helpers/service.js";
import { runCommand, splitOutcome } from "../helpers/service-command.js";
import { Interleaver, type StoreCall } from "../helpers/service-interleaver.js";
import { type Command, ModelUser, type Proof, type Typed } from "../helpers/service-model.js";
import { seededRuns } from "../helpers/service-seed.js";

const POLICY = { window: 1, limit: 3, lockSeconds: 60, maxLockSeconds: 240, pendingSeconds: 600 };
const [LIVE, PENDING, OTHER] = [secretNo(1), secretNo(2), secretNo(3)];

/** What a user has before the calls begin. */
const STARTS = ["nothing", "pending", "live", "live and pending", "live, one guess left", "locked"];

type Prepared = Awaited<ReturnType<typeof prepare>>;

/** A code by what it stands for, so that a counterexample can be read. */
type Code =
  | "live"
  | "live, next"
  | "pending"
  | "other"
  | "wrong"
  | "wrong too"
  | "backup"
  | "backup 2";
type Step =
  | { do: "setup"; secret: "pending" | "other"; proof: Code | "vouched" | "none" }
  | { do: "confirm" | "verify"; code: Code }
  | { do: "disable" | "regenerate"; proof: Code | "vouched" | "none" }
  | { do: "import" | "unlock" | "status" };

const code = fc.constantFrom<Code>(
  "live",
  "live",
  "live, next",
  "backup",
  "backup 2",
  "wrong",
  "wrong too",
);
const confirmation = fc.constantFrom<Code>("pending", "pending", "other", "live", "wrong");
const proof = fc.oneof(code, fc.constantFrom("vouched" as const, "none" as const));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("verify" as const), code }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("confirm" as const), code: confirmation }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("setup" as const),
      secret: fc.constantFrom("pending" as const, "other" as const),
      proof,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("disable" as const, "regenerate" as const), proof }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("import", "unlock", "status") }),
  },
);

/** The commands that lead there. */
function commandsTo(start: string): Command[] {
  const setup = (secret: string): Command => ({ do: "setup", secret, proof: "vouched" });
  const commands: Command[] = [];
  if (start !== "nothing" && start !== "pending") {
    const text = codeAt(LIVE, START - 30_000);
    commands.push(setup(LIVE), { do: "confirm", code: { text } });
  }
  if (start.endsWith("pending")) commands.push(setup(PENDING));
  const guesses = start === "locked" ? 3 : start === "live, one guess left" ? 2 : 0;
  for (const text of wrongCodes(guesses, START, LIVE, PENDING, OTHER)) {
    commands.push({ do: "verify", code: { text } });
  }
  return commands;
}

function createService(store: TotpStore, clock: TestClock): Rig {
  const { window, pendingSeconds, ...attempts } = POLICY;
  const backupCodes = { count: 2, cost: 1024 };
  return createRig({ store, window, pendingSeconds, attempts, backupCodes }, clock);
}

/** What there is in the store at a start, made once: its hashes take most of the time. */
const kept = new Map<string, { value: string | undefined; backupCodes: string[] }>();

async function keepStart(start: string): Promise<void> {
  const clock = new TestClock();
  const { totp, store } = createService(createMemoryStore({ now: clock.now }), clock);
  let backupCodes: string[] = [];
  for (const command of commandsTo(start)) {
    const outcome = await runCommand(totp, "ada", command, clock.time);
    if (command.do === "confirm") backupCodes = splitOutcome(outcome).backupCodes;
  }
  kept.set(start, { value: await store.get("ada"), backupCodes });
}

/** A service and a model at a start. */
async function prepare(start: string, scheduler: fc.Scheduler) {
  const { value, backupCodes = [] } = kept.get(start) ?? {};
  const clock = new TestClock();
  const store = createMemoryStore({ now: clock.now });
  if (value !== undefined) await store.compareAndSet("ada", undefined, value);
  const interleaver = new Interleaver(scheduler, store);
  const model = new ModelUser(POLICY);
  for (const command of commandsTo(start)) model.run(command, clock.time);
  model.backupCodes = [...backupCodes];
  return { rig: createService(interleaver.store, clock), interleaver, model, backupCodes };
}

function toCommand(step: Step, { rig, backupCodes }: Prepared): Command {
  const { time } = rig.clock;
  const [wrong = "", wrongToo = ""] = wrongCodes(2, time, LIVE, PENDING, OTHER);
  const backup = (index: number): Typed => {
    const backupCode = backupCodes[index] ?? "00000-00000";
    return { text: backupCode, backupCode };
  };
  const codes: Record<Code, Typed> = {
    live: { text: codeAt(LIVE, time) },
    "live, next": { text: codeAt(LIVE, time + 30_000) },
    pending: { text: codeAt(PENDING, time) },
    other: { text: codeAt(OTHER, time) },
    wrong: { text: wrong },
    "wrong too": { text: wrongToo },
    backup: backup(0),
    "backup 2": backup(1),
  };
  const proofOf = (given: Code | "vouched" | "none"): Proof =>
    given === "vouched" || given === "none" ? given : codes[given];
  switch (step.do) {
    case "setup": {
      const secret = step.secret === "pending" ? PENDING : OTHER;
      return { do: "setup", secret, proof: proofOf(step.proof) };
    }
    case "confirm":
    case "verify":
      return { do: step.do, code: codes[step.code] };
    case "disable":
    case "regenerate":
      return { do: step.do, proof: proofOf(step.proof) };
    case "import":
      return { do: "import", secret: OTHER, usedStep: undefined };
    default:
      return { do: step.do };
  }
}

/**
 * The order in which the calls took effect: each at its write that won or, where it wrote nothing, at its
 * last read.
 */
function orderOfEffect(log: readonly StoreCall[], calls: number): number[] {
  const effects = Array.from({ length: calls }, (_, call) => {
    const write = log.findLastIndex(({ by, won }) => by === call && won === true);
    return write >= 0 ? write : log.findLastIndex(({ by }) => by === call);
  });
  return effects.map((_, call) => call).sort((a, b) => Number(effects[a]) - Number(effects[b]));
}

/** What must hold of each write, whatever came before it. */
function checkWrite({ expected, next, by }: StoreCall, commands: readonly Command[]): void {
  const before: TotpState = expected === undefined ? {} : decodeState(expected);
  const after: TotpState = next === undefined ? {} : decodeState(next);
  const command = commands[by];
  const [was, is] = [before.active, after.active];
  if (is && command?.do === "import") {
    expect([was, after.pending]).toEqual([undefined, undefined]);
  } else if (is && is.secret !== was?.secret) {
    // Never active before it was confirmed; and the old secret lives until the new one is.
    expect(command?.do).toBe("confirm");
    expect(is.secret).toBe(before.pending?.secret);
  }
  if (was && !is) expect(command?.do).toBe("disable");
  if (was && is?.secret === was.secret) {
    expect(is.lastUsedStep).toBeGreaterThanOrEqual(was.lastUsedStep);
  }
  const isNewSet = command?.do === "confirm" || command?.do === "regenerate";
  if (!isNewSet) {
    const had = before.backupCodes?.hashes ?? [];
    for (const hash of after.backupCodes?.hashes ?? []) expect(had).toContain(hash);
  }
  expect(after.attempts?.failures ?? 0).toBeLessThan(POLICY.limit);
}

/** What must hold of all outcomes together, in whatever order they came about. */
function checkOutcomes(commands: readonly Command[], outcomes: readonly object[]): void {
  const isOk = (i: number) => (outcomes[i] as { ok?: boolean }).ok === true;
  const accepted = commands.flatMap((command, i) =>
    (command.do === "verify" || command.do === "confirm") && isOk(i) ? [command.code.text] : [],
  );
  const again = commands.some(({ do: what }) => what === "setup" || what === "import");
  // A secret that is put in a second time begins anew; without that no code works twice.
  if (!again) expect(new Set(accepted).size).toBe(accepted.length);
  const forgives = commands.some(
    (command, i) =>
      command.do === "unlock" ||
      command.do === "disable" ||
      (isOk(i) &&
        !["status", "import"].includes(command.do) &&
        !("proof" in command && command.proof === "vouched")),
  );
  const refused = outcomes.filter(
    (outcome) => (outcome as { reason?: string }).reason === "wrong_code",
  );
  if (!forgives) expect(refused.length).toBeLessThanOrEqual(POLICY.limit);
  for (const outcome of outcomes) expect(outcome).not.toMatchObject({ reason: "busy" });
}

/** That the user is left in a state like that of the model, and can go on from there. */
async function checkEnd({ rig, model }: Prepared): Promise<void> {
  const { totp, clock } = rig;
  clock.advance(300);
  const live = model.live?.secret ?? LIVE;
  const probes: Command[] = [
    { do: "status" },
    { do: "verify", code: { text: codeAt(live, clock.time) } },
    ...model.backupCodes.slice(0, 1).map((backupCode): Command => {
      return { do: "verify", code: { text: backupCode, backupCode } };
    }),
    { do: "confirm", code: { text: codeAt(model.pending?.secret ?? PENDING, clock.time) } },
  ];
  for (const command of probes) {
    const expected = model.run(command, clock.time);
    const actual = splitOutcome(await runCommand(totp, "ada", command, clock.time));
    expect(actual.outcome).toEqual(expected.outcome);
    if (expected.generatesBackupCodes) model.backupCodes = actual.backupCodes;
  }
}

const property = fc.asyncProperty(
  fc.constantFrom(...STARTS),
  fc.array(anyStep, { minLength: 2, maxLength: 6, size: "max" }),
  fc.scheduler(),
  async (start, steps, scheduler) => {
    const prepared = await prepare(start, scheduler);
    const { rig, interleaver, model } = prepared;
    const { time } = rig.clock;
    const commands = steps.map((step) => toCommand(step, prepared));
    const results = await interleaver.run(
      commands.map((command) => () => runCommand(rig.totp, "ada", command, time)),
    );
    const { log } = interleaver;
    const actual = results.map(splitOutcome);
    for (const call of log) if (call.won) checkWrite(call, commands);
    checkOutcomes(commands, results);
    // They came out as if one had been called after the other.
    for (const call of orderOfEffect(log, commands.length)) {
      const expected = model.run(commands[call] as Command, time);
      expect([call, actual[call]?.outcome]).toEqual([call, expected.outcome]);
      if (expected.generatesBackupCodes) model.backupCodes = [...(actual[call]?.backupCodes ?? [])];
    }
    await checkEnd(prepared);
  },
);

beforeAll(async () => {
  for (const start of STARTS) await keepStart(start);
});

test("calls side by side come out as if one had been made after the other", async () => {
  await fc.assert(property, seededRuns("Interleavings", { all: 4000, few: 200 }));
}, 900_000);
