// Random commands are given to a service and to a plain model of it; both must answer and tell the same.
import fc from "fast-check";
import { codeAt, createRig, type Rig, secretNo, wrongCode } from "../helpers/service.js";
import { runCommand, splitOutcome } from "../helpers/service-command.js";
import { type Command, ModelUser, type Proof, type Typed } from "../helpers/service-model.js";
import { seededRuns } from "../helpers/service-seed.js";

const MALFORMED = [
  "",
  "12345",
  "1234567",
  "12345a",
  "１２３４５６",
  "ABCDE-FGHJ",
  "ABCDE-FGHJU",
  "-",
];

/** A code as a command means it; which text that is depends on what was handed out until then. */
type Meant =
  | { of: "live" | "pending" | "older"; steps: number; spaced: boolean }
  | { of: "backup" | "old backup"; index: number; style: number }
  | { of: "nothing" }
  | { of: "malformed"; index: number };

type Action =
  | { do: "advance"; seconds: number }
  | { do: "setup" | "disable" | "regenerate"; proof: Meant | "vouched" | "none" }
  | { do: "confirm" | "verify"; code: Meant }
  | { do: "import"; usedSteps: number | undefined }
  | { do: "unlock" | "status" | "restart" };

const index = fc.nat({ max: 9 });
const steps = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(-1, 0, 0, 0, 1) },
  { weight: 1, arbitrary: fc.integer({ min: -12, max: 12 }) },
);
const shown = (...of: ("live" | "pending" | "older")[]): fc.Arbitrary<Meant> =>
  fc.record({ of: fc.constantFrom(...of), steps, spaced: fc.boolean() });
const backup = (of: "backup" | "old backup"): fc.Arbitrary<Meant> =>
  fc.record({ of: fc.constant(of), index, style: index });
const anyCode: fc.Arbitrary<Meant> = fc.oneof(
  { weight: 8, arbitrary: shown("live", "live", "live", "pending", "older") },
  { weight: 3, arbitrary: backup("backup") },
  { weight: 1, arbitrary: backup("old backup") },
  { weight: 4, arbitrary: fc.constant<Meant>({ of: "nothing" }) },
  { weight: 1, arbitrary: index.map((i): Meant => ({ of: "malformed", index: i })) },
);
const firstCode: fc.Arbitrary<Meant> = fc.oneof(
  { weight: 4, arbitrary: shown("pending") },
  { weight: 1, arbitrary: anyCode },
);
const proof = fc.oneof(
  { weight: 3, arbitrary: anyCode },
  { weight: 1, arbitrary: fc.constantFrom("vouched" as const, "none" as const) },
);
const seconds = fc.constantFrom(1, 15, 29.999, 30, 31, 60, 300, 599.999, 600, 3600, 90_000);

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("advance" as const), seconds }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("setup" as const), proof }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("confirm" as const), code: firstCode }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant("verify" as const), code: anyCode }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("disable" as const), proof }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("regenerate" as const), proof }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("import" as const),
      usedSteps: fc.option(steps, { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("unlock", "status", "status", "restart") }),
  },
);

/** What most of a life takes place after. */
const ENROLLED: Action[] = [
  { do: "setup", proof: "vouched" },
  { do: "confirm", code: { of: "pending", steps: 0, spaced: false } },
  { do: "advance", seconds: 30 },
];

const anyPolicy = fc.record({
  window: fc.constantFrom(0, 1, 1, 3),
  limit: fc.constantFrom(1, 2, 3, 5),
  lockSeconds: fc.constantFrom(1, 60, 900),
  maxLockSeconds: fc.constantFrom(900, 1000, 86_400),
  pendingSeconds: fc.constantFrom(30, 600),
});

/** How often each thing came out, over all sequences. */
const tally = new Map<string, number>();

function count(what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

/** A service, the model of one user of it, and all that was ever handed out to that user. */
class Trial {
  readonly model: ModelUser;
  private readonly handedOut: { secrets: string[]; backupCodes: string[] } = {
    secrets: [],
    backupCodes: [],
  };
  private rig: Rig;
  private commands = 0;

  constructor(private readonly policy: ConstructorParameters<typeof ModelUser>[0]) {
    this.model = new ModelUser(policy);
    this.rig = createRig(this.options());
  }

  async act(action: Action): Promise<void> {
    if (action.do === "advance") {
      this.rig.clock.advance(action.seconds);
    } else if (action.do === "restart") {
      const { store, clock } = this.rig;
      this.rig = createRig({ ...this.options(), store }, clock);
    } else {
      await this.compare(this.toCommand(action));
    }
  }

  private async compare(command: Command): Promise<void> {
    const { totp, clock, events } = this.rig;
    events.length = 0;
    const expected = this.model.run(command, clock.time);
    const { outcome, backupCodes } = splitOutcome(
      await runCommand(totp, "ada", command, clock.time),
    );
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
    const status = this.model.run({ do: "status" }, clock.time).outcome;
    expect(await totp.status("ada")).toEqual(status);
  }

  private toCommand(action: Exclude<Action, { do: "advance" }>): Command {
    switch (action.do) {
      case "setup": {
        const secret = secretNo(this.commands++);
        const command = { do: "setup" as const, secret, proof: this.proofOf(action.proof) };
        this.handedOut.secrets.push(secret);
        return command;
      }
      case "import": {
        const secret = secretNo(this.commands++);
        this.handedOut.secrets.push(secret);
        const { usedSteps } = action;
        // Of the steps to come, only those of the widest window can have been used.
        const usedStep = usedSteps === undefined ? undefined : this.step + Math.min(usedSteps, 10);
        return { do: "import", secret, usedStep };
      }
      case "disable":
      case "regenerate":
        return { do: action.do, proof: this.proofOf(action.proof) };
      case "confirm":
      case "verify":
        return { do: action.do, code: this.typed(action.code) };
      default:
        return { do: action.do as "unlock" | "status" };
    }
  }

  private get step(): number {
    return Math.floor(this.rig.clock.time / 30_000);
  }

  private proofOf(meant: Meant | "vouched" | "none"): Proof {
    return typeof meant === "string" ? meant : this.typed(meant);
  }

  private typed(meant: Meant): Typed {
    const { live, pending, backupCodes } = this.model;
    const { time } = this.rig.clock;
    switch (meant.of) {
      case "nothing": {
        const secrets = [live?.secret, pending?.secret].filter((each) => each !== undefined);
        return { text: wrongCode(time, ...secrets) };
      }
      case "malformed":
        return { text: String(MALFORMED[meant.index % MALFORMED.length]) };
      case "backup":
      case "old backup": {
        const codes = meant.of === "backup" ? backupCodes : this.handedOut.backupCodes;
        const backupCode = codes[meant.index % (codes.length || 1)] ?? "00000-00000";
        return { text: restyle(backupCode, meant.style), backupCode };
      }
      default: {
        const older = this.handedOut.secrets.at(-3);
        const secrets = { live: live?.secret, pending: pending?.secret, older };
        const code = codeAt(secrets[meant.of] ?? secretNo(-1), time + meant.steps * 30_000);
        return { text: meant.spaced ? ` ${code.slice(0, 3)}\u00a0${code.slice(3)}` : code };
      }
    }
  }

  private options() {
    const { window, pendingSeconds, ...attempts } = this.policy;
    return { window, pendingSeconds, attempts };
  }
}

function restyle(code: string, style: number): string {
  if (style < 4) return code;
  if (style < 6) return code.toLowerCase();
  if (style < 8) return code.replaceAll("0", "O").replaceAll("1", "I").replace("-", " ");
  return ` ${[...code.replace("-", "")].join(" ")} `;
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
  await fc.assert(property, seededRuns("Sequences against the model", { all: 1500, few: 50 }));
  const events = [
    ...["setup_started", "enabled", "verified", "rejected", "locked", "unlocked", "disabled"],
    ...["backup_codes_low", "backup_codes_regenerated", "imported"],
  ];
  const reasons = ["ok", "not_enabled", "wrong_code", "malformed_code", "locked"];
  for (const what of [...events, ...reasons.map((reason) => `verify: ${reason}`)]) {
    expect([...tally.keys()]).toContain(what);
  }
}, 600_000);
