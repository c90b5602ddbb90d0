// Calls for one user run side by side in every order that fast-check finds, and each order is checked.
import { createMemoryStore, generateKey, type TotpStore } from "express-totp-setup";
import fc from "fast-check";
import { WRONG_CODES_IN_A_ROW } from "../../lib/service/machine/lockout.js";
import type { TotpState } from "../../lib/service/machine/state.js";
import {
  codeAt,
  createRig,
  type Rig,
  START,
  secretNo,
  TestClock,
  threeCodes,
  wrongCodes,
} from "../helpers/service.js";
import { runCommand, splitOutcome } from "../helpers/service-command.js";
import { Interleaver, type StoreCall } from "../helpers/service-interleaver.js";
import { type Command, ModelUser, type Proof, type Typed } from "../helpers/service-model.js";
import { seededRuns } from "../helpers/service-seed.js";

const POLICY = { window: 1, pendingSeconds: 600 };
const [LIVE, PENDING, OTHER] = [secretNo(1), secretNo(2), secretNo(3)];

/** Values are written under the old key, and the calls write under the new one. */
const OLD = { id: "old", key: generateKey() };
const NEW = { id: "new", key: generateKey() };

/** What a user has before the calls begin. */
const STARTS = [
  ...["nothing", "pending", "live", "live and pending", "live, one guess left", "locked"],
  ...["allowance spent", "allowance spent but for one"],
] as const;
type Start = (typeof STARTS)[number];

type Prepared = Awaited<ReturnType<typeof prepare>>;

/** A code by what it stands for, so that a counterexample can be read. */
type Code =
  | ("live" | "live, next" | "three" | "backup" | "backup 2")
  | ("pending" | "other" | "wrong" | "wrong too");
type StepProof = Code | "trusted" | "none";
type Step =
  | { do: "setup"; secret: "pending" | "other"; proof: StepProof }
  | { do: "confirm" | "verify"; code: Code }
  | { do: "disable" | "regenerate"; proof: StepProof }
  | { do: "import" | "resume" | "unlock" | "reset" | "reencrypt" | "status" };

const code = fc.constantFrom<Code>(
  ...(["live", "live", "live, next", "three", "backup", "backup 2", "wrong", "wrong too"] as const),
);
const confirmation = fc.constantFrom<Code>("pending", "pending", "other", "live", "wrong");
const proof = fc.oneof(code, fc.constantFrom("trusted" as const, "none" as const));
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
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("import", "resume", "unlock", "reset", "reencrypt", "status"),
    }),
  },
);

/** The commands that lead there, each with its time. */
function commandsTo(start: Start): { command: Command; time: number }[] {
  const commands: { command: Command; time: number }[] = [];
  const add = (time: number, command: Command) => commands.push({ command, time });
  const isLive = start !== "nothing" && start !== "pending";
  const rounds = start.startsWith("allowance") ? 4 : start === "locked" ? 1 : 0;
  const begun = START - 30_000 - rounds * 900_000;
  if (isLive) {
    add(begun, { do: "setup", secret: LIVE, proof: "trusted" });
    add(begun, { do: "confirm", code: { text: codeAt(LIVE, begun) } });
  }
  const isSpared = start === "live, one guess left" || start.endsWith("but for one");
  const guesses = WRONG_CODES_IN_A_ROW * (isSpared ? Math.max(rounds, 1) : rounds);
  for (let i = 0; i < guesses - Number(isSpared); i++) {
    const left = Math.ceil(guesses / WRONG_CODES_IN_A_ROW) - Math.floor(i / WRONG_CODES_IN_A_ROW);
    const time = START - (left - 1) * 900_000;
    const [text = ""] = wrongCodes(1, time, LIVE, PENDING, OTHER);
    add(time, { do: "verify", code: { text } });
  }
  if (start.endsWith("pending")) add(START, { do: "setup", secret: PENDING, proof: "trusted" });
  return commands;
}

function createService(store: TotpStore, clock: TestClock, isRotated: boolean): Rig {
  const encryption = isRotated ? { current: NEW, previous: [OLD] } : { current: OLD };
  return createRig({ store, ...POLICY, backupCodes: { count: 2 }, encryption }, clock);
}

/** What is in the store at a start. */
const kept = new Map<Start, { value: string | undefined; backupCodes: string[] }>();

async function keepStart(start: Start): Promise<void> {
  const clock = new TestClock();
  const rig = createService(createMemoryStore({ now: clock.now }), clock, false);
  let backupCodes: string[] = [];
  for (const { command, time } of commandsTo(start)) {
    clock.time = time;
    const outcome = await runCommand(rig, "ada", command);
    if (command.do === "confirm") backupCodes = splitOutcome(outcome).backupCodes;
  }
  kept.set(start, { value: await rig.store.get("ada"), backupCodes });
}

/** A service and a model at a start. */
async function prepare(start: Start, scheduler: fc.Scheduler) {
  const { value, backupCodes = [] } = kept.get(start) ?? {};
  const clock = new TestClock();
  const store = createMemoryStore({ now: clock.now });
  if (value !== undefined) await store.compareAndSet("ada", undefined, value);
  const interleaver = new Interleaver(scheduler, store);
  const model = new ModelUser(POLICY);
  for (const { command, time } of commandsTo(start)) model.run(command, time);
  model.backupCodes = [...backupCodes];
  const rig = createService(interleaver.store, clock, true);
  return { rig, interleaver, model, backupCodes };
}

function toCommand(step: Step, { rig, backupCodes }: Prepared): Command {
  const { time } = rig.clock;
  const [wrong = "", wrongToo = ""] = wrongCodes(2, time, LIVE, PENDING, OTHER);
  const backup = (index: number): Typed => {
    const backupCode = backupCodes[index] ?? "0000-0000-0000-000A";
    return { text: backupCode, backupCode };
  };
  const codes: Record<Code, Typed> = {
    live: { text: codeAt(LIVE, time) },
    "live, next": { text: codeAt(LIVE, time + 30_000) },
    three: { text: threeCodes(LIVE, time, 2) },
    pending: { text: codeAt(PENDING, time) },
    other: { text: codeAt(OTHER, time) },
    wrong: { text: wrong },
    "wrong too": { text: wrongToo },
    backup: backup(0),
    "backup 2": backup(1),
  };
  const proofOf = (given: StepProof): Proof =>
    given === "trusted" || given === "none" ? given : codes[given];
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
    case "resume":
      return { do: "resume", secret: PENDING };
    case "reset":
      // Whether there is anything to remove depends on the order: `withOrder` says so.
      return { do: "reset", isKept: false };
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

/** What a command found, as the order of the calls decides it: a reset writes only if a value is kept. */
function withOrder(command: Command, call: number, log: readonly StoreCall[]): Command {
  if (command.do !== "reset") return command;
  return { do: "reset", isKept: log.some(({ by, won }) => by === call && won === true) };
}

/** What must hold of each write, whatever came before it. */
function checkWrite(
  { expected, next, by }: StoreCall,
  commands: readonly Command[],
  { codec }: Rig["totp"]["config"],
): void {
  const decode = (text: string | undefined): TotpState =>
    text === undefined ? {} : codec.decode("ada", text).state;
  const [before, after] = [decode(expected), decode(next)];
  const command = commands[by];
  const [was, is] = [before.active, after.active];
  if (command?.do === "reencrypt") expect(after).toEqual(before);
  if (command?.do === "reset") expect(next).toBeUndefined();
  if (is && command?.do === "import") {
    expect([was, after.pending]).toEqual([undefined, undefined]);
  } else if (is && is.secret !== was?.secret) {
    // Never active before it was confirmed; and the old secret works until the new one does.
    expect(command?.do).toBe("confirm");
    expect(before.pending?.enrollments.map(({ secret }) => secret)).toContain(is.secret);
  }
  if (was && !is) expect(["disable", "reset"]).toContain(command?.do);
  if (was && is?.secret === was.secret && command?.do !== "confirm") {
    expect(is.lastUsedStep).toBeGreaterThanOrEqual(was.lastUsedStep);
  }
  const isNewSet = command?.do === "confirm" || command?.do === "regenerate";
  if (!isNewSet) {
    const had = before.backupCodes?.hashes ?? [];
    for (const hash of after.backupCodes?.hashes ?? []) expect(had).toContain(hash);
  }
  const isForgiving = command?.do === "unlock" || command?.do === "reset";
  const used = before.lockout?.allowanceUsedUntil ?? 0;
  if (!isForgiving) expect(after.lockout?.allowanceUsedUntil ?? 0).toBeGreaterThanOrEqual(used);
}

/** What must hold of all outcomes together, in whatever order they came about. */
function checkOutcomes(commands: readonly Command[], outcomes: readonly object[]): void {
  const isOk = (i: number) => (outcomes[i] as { ok?: boolean }).ok === true;
  const codeOf = (command: Command): string | undefined => {
    if ("code" in command) return command.code.text;
    return "proof" in command && typeof command.proof === "object" ? command.proof.text : undefined;
  };
  const accepted = commands.flatMap((command, i) =>
    (command.do === "verify" || command.do === "confirm") && isOk(i) ? [codeOf(command)] : [],
  );
  const again = commands.some(({ do: what }) => what === "setup" || what === "import");
  // A secret that is put in a second time begins anew; without that no code works twice.
  if (!again) expect(new Set(accepted).size).toBe(accepted.length);
  const forgives = commands.some(
    ({ do: what }, i) =>
      ["unlock", "reset", "disable"].includes(what) ||
      (isOk(i) && ["verify", "setup", "regenerate"].includes(what)),
  );
  const wrong = wrongCodes(2, START, LIVE, PENDING, OTHER);
  const counted = commands.filter(
    (command, i) =>
      command.do !== "confirm" &&
      wrong.includes(String(codeOf(command))) &&
      (outcomes[i] as { reason?: string }).reason === "wrong_code",
  );
  if (!forgives) expect(counted.length).toBeLessThanOrEqual(WRONG_CODES_IN_A_ROW);
  for (const outcome of outcomes) expect(outcome).not.toMatchObject({ reason: "busy" });
}

/** That the user is left in a state like that of the model, and can go on from there. */
async function checkEnd({ rig, model }: Prepared): Promise<void> {
  const { clock } = rig;
  clock.advance(300);
  const live = model.live?.secret ?? LIVE;
  const probes: Command[] = [
    { do: "status" },
    { do: "verify", code: { text: codeAt(live, clock.time) } },
    ...model.backupCodes.slice(0, 1).map((backupCode): Command => {
      return { do: "verify", code: { text: backupCode, backupCode } };
    }),
    { do: "confirm", code: { text: codeAt(model.newest ?? PENDING, clock.time) } },
  ];
  for (const command of probes) {
    const expected = model.run(command, clock.time);
    const actual = splitOutcome(await runCommand(rig, "ada", command));
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
      commands.map((command) => () => runCommand(rig, "ada", command)),
    );
    const { log } = interleaver;
    const actual = results.map(splitOutcome);
    for (const call of log) if (call.won) checkWrite(call, commands, rig.totp.config);
    checkOutcomes(commands, results);
    // They came out as if one had been called after the other.
    for (const call of orderOfEffect(log, commands.length)) {
      const command = withOrder(commands[call] as Command, call, log);
      if (command.do === "reset" && !command.isKept)
        expect([model.live, model.pending]).toEqual([undefined, undefined]);
      const expected = model.run(command, time);
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
  await fc.assert(property, seededRuns("Interleavings", { all: 2000, few: 200 }));
}, 900_000);
