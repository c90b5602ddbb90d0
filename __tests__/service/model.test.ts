// Random commands are given to a service and to a plain model of it; both must give the same outcomes and events.
import { type EncryptionKey, generateKey } from "express-totp-setup";
import fc from "fast-check";
import { codeAt, createRig, type Rig, secretNo, wrongCode } from "../helpers/service.js";
import { runCommand, splitOutcome } from "../helpers/service-command.js";
import {
  type Command,
  type ModelPolicy,
  ModelUser,
  type Proof,
  type Typed,
} from "../helpers/service-model.js";
import { seededRuns } from "../helpers/service-seed.js";

const MALFORMED = [
  "",
  "-",
  "12345",
  "1234567",
  "12345a",
  "12345678901234567",
  "ABCDE-FGHJK",
  "ABCD-EFGH-JKMN-PQRU",
  `123456${" ".repeat(123)}`,
];

/** A code as a command means it; which text that is depends on what was handed out until then. */
type Meant =
  | { of: "live" | "pending" | "older"; steps: number; style: number }
  | { of: "three"; steps: number; style: number; flaw: "none" | "gap" | "one is wrong" }
  | { of: "backup" | "old backup"; index: number; style: number }
  | { of: "nothing" }
  | { of: "malformed"; index: number };

type MeantProof = Meant | "trusted" | "none";

type Action =
  | { do: "advance"; seconds: number }
  | { do: "setup" | "disable" | "regenerate"; proof: MeantProof }
  | { do: "confirm" | "verify"; code: Meant }
  | { do: "guess"; times: number }
  | { do: "resume"; index: number }
  | { do: "import"; usedSteps: number | undefined }
  | { do: "unlock" | "reencrypt" | "status" }
  | { do: "reset" }
  | { do: "restart" | "new key" };

const index = fc.nat({ max: 9 });
const steps = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(-1, 0, 0, 0, 1, 2) },
  { weight: 1, arbitrary: fc.integer({ min: -22, max: 22 }) },
);
const shown = (...of: ("live" | "pending" | "older")[]): fc.Arbitrary<Meant> =>
  fc.record({ of: fc.constantFrom(...of), steps, style: index });
const three: fc.Arbitrary<Meant> = fc.record({
  of: fc.constant("three" as const),
  steps: fc.oneof(fc.constantFrom(1, 2, 3), fc.integer({ min: -21, max: 22 })),
  style: index,
  flaw: fc.constantFrom("none", "none", "none", "gap", "one is wrong"),
});
const backup = (of: "backup" | "old backup"): fc.Arbitrary<Meant> =>
  fc.record({ of: fc.constant(of), index, style: index });
const anyCode: fc.Arbitrary<Meant> = fc.oneof(
  { weight: 8, arbitrary: shown("live", "live", "live", "pending", "older") },
  { weight: 3, arbitrary: three },
  { weight: 3, arbitrary: backup("backup") },
  { weight: 1, arbitrary: backup("old backup") },
  { weight: 4, arbitrary: fc.constant<Meant>({ of: "nothing" }) },
  { weight: 1, arbitrary: index.map((i): Meant => ({ of: "malformed", index: i })) },
);
const firstCode: fc.Arbitrary<Meant> = fc.oneof(
  { weight: 4, arbitrary: shown("pending") },
  { weight: 1, arbitrary: anyCode },
);
const proof: fc.Arbitrary<MeantProof> = fc.oneof(
  { weight: 3, arbitrary: anyCode },
  { weight: 1, arbitrary: fc.constantFrom("trusted" as const, "none" as const) },
);
const seconds = fc.constantFrom(
  ...[1, 15, 29.999, 30, 31, 60, 300, 599.999, 600, 899.999, 900, 3600],
  ...[30_240, 90_000, 700_000],
);

const act = <Name extends string, Rest extends object>(name: Name, rest: Rest) =>
  fc.record({ do: fc.constant(name), ...rest } as { do: fc.Arbitrary<Name> } & Rest);

const anyAction = fc.oneof(
  { weight: 8, arbitrary: act("advance", { seconds }) },
  { weight: 4, arbitrary: act("setup", { proof }) },
  { weight: 5, arbitrary: act("confirm", { code: firstCode }) },
  { weight: 12, arbitrary: act("verify", { code: anyCode }) },
  { weight: 3, arbitrary: act("guess", { times: fc.integer({ min: 2, max: 6 }) }) },
  { weight: 1, arbitrary: act("resume", { index }) },
  { weight: 1, arbitrary: act("disable", { proof }) },
  { weight: 1, arbitrary: act("regenerate", { proof }) },
  {
    weight: 2,
    arbitrary: act("import", { usedSteps: fc.option(steps, { nil: undefined }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("unlock", "status", "restart", "reencrypt", "new key"),
    }),
  },
  { weight: 1, arbitrary: act("reset", {}) },
) as fc.Arbitrary<Action>;

/** What most of a life takes place after. */
const ENROLLED: Action[] = [
  { do: "setup", proof: "none" },
  { do: "confirm", code: { of: "pending", steps: 0, style: 0 } },
  { do: "advance", seconds: 30 },
];

const anyPolicy = fc.record({
  window: fc.constantFrom(0, 1, 1, 2),
  pendingSeconds: fc.constantFrom(30, 600),
  encrypted: fc.boolean(),
});

/** How often each thing came out, over all sequences. */
const tally = new Map<string, number>();

function count(what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

/** A service, the model of one user of it, and all that was ever handed out to that user. */
class Trial {
  private readonly model: ModelUser;
  private readonly handedOut = { secrets: [] as string[], backupCodes: [] as string[] };
  private readonly keys: EncryptionKey[] = [];
  private rig: Rig;

  constructor(private readonly policy: ModelPolicy & { encrypted: boolean }) {
    this.model = new ModelUser(policy);
    this.addKey();
    this.rig = createRig(this.options());
  }

  async act(action: Action): Promise<void> {
    switch (action.do) {
      case "advance":
        this.rig.clock.advance(action.seconds);
        return;
      case "new key":
        this.addKey();
        return this.restart();
      case "restart":
        return this.restart();
      case "guess":
        for (let i = 0; i < action.times; i++) {
          await this.compare({ do: "verify", code: this.typed({ of: "nothing" }) });
        }
        return;
      case "reset": {
        const isKept = (await this.rig.store.get("ada")) !== undefined;
        const { live, pending } = this.model;
        // A setup that has expired may have gone by then.
        if (live || Number(pending?.until) > this.rig.clock.time) expect(isKept).toBe(true);
        return this.compare({ do: "reset", isKept });
      }
      default:
        await this.compare(this.toCommand(action));
    }
  }

  private addKey(): void {
    this.keys.unshift({ id: String(this.keys.length), key: generateKey() });
  }

  private restart(): void {
    const { store, clock } = this.rig;
    this.rig = createRig({ ...this.options(), store }, clock);
  }

  private async compare(command: Command): Promise<void> {
    const { totp, clock, events } = this.rig;
    events.length = 0;
    const expected = this.model.run(command, clock.time);
    const { outcome, backupCodes } = splitOutcome(await runCommand(this.rig, "ada", command));
    expect(outcome).toEqual(expected.outcome);
    const stamp = { userId: "ada", at: new Date(clock.time) };
    expect(events).toEqual(expected.events.map((event) => ({ ...event, ...stamp })));
    expect(backupCodes).toHaveLength(expected.generatesBackupCodes ? 3 : 0);
    if (expected.generatesBackupCodes) {
      this.model.backupCodes = [...backupCodes];
      this.handedOut.backupCodes.push(...backupCodes);
    }
    count(`${command.do}: ${(outcome as { reason?: string }).reason ?? "ok"}`);
    for (const { type } of events) count(type);
    if (command.do === "reencrypt") {
      expect(await totp.reencrypt("ada")).toEqual({ ok: true, changed: false });
    }
    const status = this.model.run({ do: "status" }, clock.time).outcome;
    expect(await totp.status("ada")).toEqual(status);
  }

  private toCommand(
    action: Exclude<Action, { do: "advance" | "guess" | "restart" | "new key" | "reset" }>,
  ): Command {
    switch (action.do) {
      case "setup":
        return { do: "setup", secret: this.newSecret(), proof: this.proofOf(action.proof) };
      case "resume": {
        const secret = this.handedOut.secrets.at(-1 - (action.index % 5)) ?? secretNo(-1);
        return { do: "resume", secret };
      }
      case "import": {
        const { usedSteps } = action;
        // Of the steps to come, only those of the widest window can have been used.
        const usedStep = usedSteps === undefined ? undefined : this.step + Math.min(usedSteps, 10);
        return { do: "import", secret: this.newSecret(), usedStep };
      }
      case "disable":
      case "regenerate":
        return { do: action.do, proof: this.proofOf(action.proof) };
      case "confirm":
      case "verify":
        return { do: action.do, code: this.typed(action.code) };
      default:
        return { do: action.do };
    }
  }

  private newSecret(): string {
    const secret = secretNo(this.handedOut.secrets.length);
    this.handedOut.secrets.push(secret);
    return secret;
  }

  private get step(): number {
    return Math.floor(this.rig.clock.time / 30_000);
  }

  private proofOf(meant: MeantProof): Proof {
    return typeof meant === "string" ? meant : this.typed(meant);
  }

  private typed(meant: Meant): Typed {
    const { live, pending, backupCodes } = this.model;
    const { time } = this.rig.clock;
    const shownAt = (secret: string | undefined, offset: number) =>
      codeAt(secret ?? secretNo(-1), time + offset * 30_000);
    switch (meant.of) {
      case "nothing": {
        const secrets = pending?.secrets.map(({ secret }) => secret) ?? [];
        return { text: wrongCode(time, ...secrets, ...(live ? [live.secret] : [])) };
      }
      case "malformed":
        return { text: String(MALFORMED[meant.index % MALFORMED.length]) };
      case "backup":
      case "old backup": {
        const codes = meant.of === "backup" ? backupCodes : this.handedOut.backupCodes;
        const backupCode = codes[meant.index % (codes.length || 1)] ?? "0000-0000-0000-000A";
        return { text: restyle(backupCode, meant.style), backupCode };
      }
      case "three": {
        const first = meant.flaw === "gap" ? -3 : -2;
        const codes = [first, -1, 0].map((i) => shownAt(live?.secret, meant.steps + i));
        if (meant.flaw === "one is wrong") codes[meant.style % 3] = wrongCode(time);
        return { text: codes.join(meant.style % 2 ? " " : "") };
      }
      default: {
        const secrets = {
          live: live?.secret,
          pending: pending?.secrets.at(-1 - (meant.style % 3))?.secret ?? this.model.newest,
          older: this.handedOut.secrets.at(-4),
        };
        return { text: space(shownAt(secrets[meant.of], meant.steps), meant.style) };
      }
    }
  }

  private options() {
    const { encrypted, ...options } = this.policy;
    const [current, ...previous] = this.keys;
    return { ...options, ...(encrypted && current && { encryption: { current, previous } }) };
  }
}

function space(code: string, style: number): string {
  return style < 5 ? code : ` ${code.slice(0, 3)}\u00a0${code.slice(3)}`;
}

function restyle(code: string, style: number): string {
  if (style < 4) return code;
  if (style < 6) return code.toLowerCase();
  if (style < 8) return code.replaceAll("0", "O").replaceAll("1", "I").replaceAll("-", " ");
  return ` ${[...code.replaceAll("-", "")].join(" ")} `;
}

test("whatever is done in whatever order, a service does what the model does", async () => {
  const property = fc.asyncProperty(
    anyPolicy,
    fc.constantFrom([], ENROLLED),
    fc.array(anyAction, { minLength: 5, maxLength: 60, size: "max" }),
    async (policy, before, actions) => {
      const trial = new Trial(policy);
      for (const action of [...before, ...actions]) await trial.act(action);
    },
  );
  await fc.assert(property, seededRuns("Sequences against the model", { all: 800, few: 100 }));
  const events = [
    ...["setup_started", "enabled", "verified", "rejected", "locked", "refused_while_locked"],
    ...[
      "unlocked",
      "disabled",
      "reset",
      "backup_codes_low",
      "backup_codes_regenerated",
      "imported",
    ],
  ];
  const refusals = ["not_enabled", "wrong_code", "malformed_code", "locked"];
  const misses = ["nothing_pending", "already_enabled", "expired", "wrong_code", "clock_skew"];
  for (const what of [
    ...events,
    ...["ok", ...refusals].map((reason) => `verify: ${reason}`),
    ...["ok", "malformed_code", ...misses].map((reason) => `confirm: ${reason}`),
    ...["setup: code_required", "resume: ok", "resume: nothing_pending", "import: already_enabled"],
  ]) {
    expect([...tally.keys()]).toContain(what);
  }
}, 600_000);

const LIVE: Meant = { of: "live", steps: 0, style: 0 };
const LOCK: Action[] = [
  { do: "guess", times: 5 },
  { do: "advance", seconds: 900 },
];
/** The last of them is at the limit of the week. */
const WEEK_OF_GUESSES: Action[] = [...LOCK, ...LOCK, ...LOCK, ...LOCK];

const RARE: [string, Action[]][] = [
  [
    "unlocking with nothing left to forgive",
    [
      { do: "guess", times: 2 },
      { do: "verify", code: LIVE },
      { do: "advance", seconds: 90_000 },
      { do: "unlock" },
      { do: "unlock" },
    ],
  ],
  [
    "unlocking after a week of guesses",
    [...WEEK_OF_GUESSES, { do: "guess", times: 2 }, { do: "unlock" }, { do: "verify", code: LIVE }],
  ],
  [
    "three codes after a week of guesses",
    [
      ...WEEK_OF_GUESSES,
      { do: "verify", code: { of: "three", steps: 2, style: 0, flaw: "none" } },
      { do: "guess", times: 1 },
      { do: "advance", seconds: 30_240 },
      { do: "guess", times: 2 },
      { do: "verify", code: LIVE },
    ],
  ],
  [
    "turning off and on after a week of guesses",
    [
      ...WEEK_OF_GUESSES,
      { do: "disable", proof: "trusted" },
      ...ENROLLED,
      { do: "verify", code: LIVE },
      { do: "advance", seconds: 30_240 },
      { do: "verify", code: LIVE },
    ],
  ],
  [
    "turning off for longer than what is kept lasts",
    [
      ...WEEK_OF_GUESSES,
      { do: "disable", proof: "trusted" },
      { do: "advance", seconds: 700_000 },
      { do: "confirm", code: LIVE },
      { do: "unlock" },
      ...ENROLLED,
    ],
  ],
  [
    "ten wrong codes for a setup",
    [
      { do: "setup", proof: "trusted" },
      ...Array<Action>(11).fill({ do: "confirm", code: { of: "nothing" } }),
      { do: "resume", index: 0 },
      { do: "setup", proof: "trusted" },
      { do: "confirm", code: { of: "pending", steps: 0, style: 0 } },
    ],
  ],
];

test.each(RARE)("%s", async (_, actions) => {
  for (const encrypted of [false, true]) {
    const trial = new Trial({ window: 1, pendingSeconds: 600, encrypted });
    for (const action of [...ENROLLED, ...actions]) await trial.act(action);
  }
});
