import crypto from "node:crypto";
import { type TotpService, type TotpStore, TRUSTED } from "express-totp-setup";
import fc from "fast-check";
import {
  begin,
  codeAt,
  createRig,
  type Enrolled,
  enroll,
  type Rig,
  TestClock,
  wrongCode,
} from "../helpers/service.js";
import { Interleaver, type StoreCall } from "../helpers/service-interleaver.js";
import { seededRuns } from "../helpers/service-seed.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const UNKNOWN = { ok: false, reason: "unknown_session" };

let rig: Rig;
let ada: Enrolled;

beforeEach(async () => {
  rig = createRig();
  ada = await enroll(rig, "ada");
});

const codeOf = (secret = ada.secret) => codeAt(secret, rig.clock.time);

/** The session of a login whose password was right. */
async function beginLogin(
  totp: TotpService = rig.totp,
  userId: string | number | bigint = "ada",
): Promise<string> {
  const begun = await totp.beginLogin(userId);
  if (!begun.ok || !begun.isRequired) throw new Error("no second step");
  return begun.sessionId;
}

describe("a login", () => {
  test("generates backup codes only if it confirms a setup", async () => {
    const sessionId = await beginLogin();
    const randomBytes = jest.spyOn(crypto, "randomBytes");
    expect(await rig.totp.completeLogin(sessionId, codeOf())).toMatchObject({ ok: true });
    expect(randomBytes).not.toHaveBeenCalled();
    randomBytes.mockRestore();
  });

  test("is required while TOTP is on, lasts five minutes, and is completed by a code", async () => {
    const begun = await rig.totp.beginLogin("ada", { context: "10.0.0.1" });
    expect(begun).toEqual({
      ok: true,
      isRequired: true,
      mustEnroll: false,
      sessionId: expect.stringMatching(/^[\w.-]+$/),
      expiresAt: new Date(rig.clock.time + 300_000),
    });
    const { sessionId } = begun as { sessionId: string };
    const completed = await rig.totp.completeLogin(sessionId, codeOf(), { context: "10.0.0.2" });
    const backupCodesRemaining = ada.backupCodes.length;
    expect(completed).toEqual({ ok: true, userId: "ada", method: "totp", backupCodesRemaining });
    const at = new Date(rig.clock.time);
    expect(rig.events).toEqual([
      {
        type: "login_begun",
        userId: "ada",
        by: "user",
        at,
        context: "10.0.0.1",
        expiresAt: new Date(rig.clock.time + 300_000),
        mustEnroll: false,
      },
      {
        type: "verified",
        purpose: "login",
        method: "totp",
        offset: 0,
        userId: "ada",
        by: "user",
        at,
        context: "10.0.0.2",
        backupCodesRemaining,
        wrongCodesBefore: 0,
      },
    ]);
  });

  test("is not required while TOTP is off, and then nothing is kept or reported", async () => {
    const nothing = { ok: true, isRequired: false, mustEnroll: false };
    expect(await rig.totp.beginLogin("eve")).toEqual(nothing);
    expect(await rig.store.get("eve")).toBeUndefined();
    expect(rig.events).toEqual([]);
  });

  test("goes on after wrong codes, also under a lock, which a backup code passes", async () => {
    const sessionId = await beginLogin();
    const complete = (code: string) => rig.totp.completeLogin(sessionId, code);
    expect(await complete("12345")).toEqual({ ok: false, reason: "malformed_code" });
    for (let i = 0; i < 5; i++) {
      const code = wrongCode(rig.clock.time, ada.secret);
      expect(await complete(code)).toEqual({ ok: false, reason: "wrong_code" });
    }
    expect(await complete(codeOf())).toMatchObject({ ok: false, reason: "locked" });
    const [backupCode = ""] = ada.backupCodes;
    expect(await complete(backupCode)).toMatchObject({ ok: true, method: "backup_code" });
    expect(await complete(String(ada.backupCodes[1]))).toEqual(UNKNOWN);
  });

  test("of two that wait, one that completes leaves the other", async () => {
    const [one, two] = [await beginLogin(), await beginLogin()];
    expect((await rig.totp.completeLogin(two, codeOf())).ok).toBe(true);
    rig.clock.advance(30);
    expect((await rig.totp.completeLogin(one, codeOf())).ok).toBe(true);
  });
});

describe("in parallel, over several instances on one store", () => {
  const instances = (count: number): TotpService[] =>
    Array.from({ length: count }, () => createRig({ store: rig.store }, rig.clock).totp);

  test("one session completes once", async () => {
    const sessionId = await beginLogin();
    const codes = [codeOf(), ...ada.backupCodes];
    const calls = instances(3).flatMap((totp) =>
      codes.map((code) => totp.completeLogin(sessionId, code)),
    );
    const outcomes = await Promise.all(calls);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.filter(({ ok }) => !ok)).toEqual(Array(outcomes.length - 1).fill(UNKNOWN));
  });

  test("one code completes one session", async () => {
    const sessions = await Promise.all(
      instances(3).flatMap((totp) => [totp, totp].map((each) => beginLogin(each))),
    );
    const code = codeOf();
    const outcomes = await Promise.all(
      instances(3).flatMap((totp, i) =>
        sessions.slice(2 * i, 2 * i + 2).map((session) => totp.completeLogin(session, code)),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const refused = { ok: false, reason: "wrong_code" };
    expect(outcomes.filter(({ ok }) => !ok)).toEqual(Array(5).fill(refused));
  });

  test("a store in which another write always wins is `busy`, and still required", async () => {
    const busy: TotpStore = {
      ...rig.store,
      get: (id) => rig.store.get(id),
      compareAndSet: async () => false,
    };
    const { totp } = createRig({ store: busy }, rig.clock);
    expect(await totp.beginLogin("ada")).toEqual({
      ok: false,
      reason: "busy",
      retryAfterSeconds: 1,
      isRequired: true,
    });
    expect(await totp.beginLogin("eve", { mustEnroll: true })).toMatchObject({ isRequired: true });
    expect(await totp.completeLogin(await beginLogin(), codeOf())).toMatchObject({
      reason: "busy",
    });
  });
});

type Step =
  | { do: "begin" | "trust" | "revoke" | "disable" | "verify" }
  | { do: "complete"; session: number; code: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("complete" as const),
      session: fc.nat(1),
      code: fc.nat(2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "begin" as const,
        "begin" as const,
        "trust",
        "verify",
        "revoke",
        "disable",
      ),
    }),
  },
);

test("under every interleaving, sessions and codes are used once, and end with what ends them", async () => {
  const runs = seededRuns("interleaved logins", { all: 1000, few: 60 });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(anyStep, { minLength: 2, maxLength: 4 }),
      async (scheduler, steps) => {
        const clock = new TestClock();
        const inner = createRig({}, clock);
        const { secret, backupCodes } = await enroll(inner, "ada");
        const sessions = [await beginLogin(inner.totp), await beginLogin(inner.totp)];
        const codes = [codeAt(secret, clock.time), String(backupCodes[0]), String(backupCodes[1])];
        const interleaver = new Interleaver(scheduler, inner.store);
        const { totp } = createRig({ store: interleaver.store }, clock);
        const outcomes = await interleaver.run(
          steps.map((step) => (): Promise<{ ok: boolean; sessionId?: string }> => {
            switch (step.do) {
              case "begin":
                return totp.beginLogin("ada");
              case "trust":
                return totp.trustDevice("ada");
              case "revoke":
                return totp.revokeDevices("ada");
              case "disable":
                return totp.disable("ada", { proof: TRUSTED });
              case "verify":
                return totp.verify("ada", String(codes[0]));
              case "complete":
                return totp.completeLogin(String(sessions[step.session]), String(codes[step.code]));
            }
          }),
        );
        const alive = replay(interleaver.log, steps, outcomes, sessions);
        for (const sessionId of [
          ...sessions,
          ...outcomes.flatMap((each) => each.sessionId ?? []),
        ]) {
          const { reason } = (await totp.completeLogin(sessionId, "no code")) as { reason: string };
          expect([sessionId, reason]).toEqual([
            sessionId,
            alive.has(sessionId) ? "malformed_code" : "unknown_session",
          ]);
        }
      },
    ),
    runs,
  );
}, 60_000);

/** The sessions that wait in the end, by the order of the writes that won; fails if one was used twice. */
function replay(
  log: readonly StoreCall[],
  steps: readonly Step[],
  outcomes: readonly { ok: boolean; sessionId?: string }[],
  sessions: readonly string[],
): Set<string> {
  const alive = new Set(sessions);
  const used = new Set<number>();
  for (const { by, won } of log) {
    const [step, outcome] = [steps[by], outcomes[by]];
    if (!won || !step || !outcome?.ok) continue;
    if (step.do === "begin" && outcome.sessionId) alive.add(outcome.sessionId);
    if (step.do === "revoke" || step.do === "disable") alive.clear();
    const code = step.do === "complete" ? step.code : step.do === "verify" ? 0 : undefined;
    if (code === undefined) continue;
    expect(used.has(code)).toBe(false);
    used.add(code);
    if (step.do === "complete") expect(alive.delete(String(sessions[step.session]))).toBe(true);
  }
  return alive;
}

describe("a store that fails", () => {
  type Fault = "before" | "after" | undefined;
  const down = new Error("the connection was lost");
  let fault: Fault;
  let totp: TotpService;
  let events: unknown[];

  beforeEach(() => {
    const { store } = rig;
    fault = undefined;
    const brittle: TotpStore = {
      get: (userId) => store.get(userId),
      compareAndSet: async (...args) => {
        if (fault === "before") throw down;
        const won = await store.compareAndSet(...args);
        if (fault === "after") throw down;
        return won;
      },
    };
    ({ totp, events } = createRig({ store: brittle }, rig.clock));
  });

  async function failing(when: Fault, call: () => Promise<unknown>): Promise<void> {
    fault = when;
    await expect(call()).rejects.toBe(down);
    fault = undefined;
    expect(events).toEqual([]);
  }

  test("before a login completes leaves its session and its code", async () => {
    const sessionId = await beginLogin();
    await failing("before", () => totp.completeLogin(sessionId, codeOf()));
    expect((await totp.completeLogin(sessionId, codeOf())).ok).toBe(true);
  });

  test("after a login was completed leaves neither", async () => {
    const sessionId = await beginLogin();
    await failing("after", () => totp.completeLogin(sessionId, codeOf()));
    expect(await totp.completeLogin(sessionId, String(ada.backupCodes[0]))).toEqual(UNKNOWN);
    const wrong = { ok: false, reason: "wrong_code" };
    expect(await totp.completeLogin(await beginLogin(), codeOf())).toEqual(wrong);
  });

  test.each(["before", "after"] as const)("%s a login begins ends no other one", async (when) => {
    const sessionId = await beginLogin();
    await failing(when, () => totp.beginLogin("ada"));
    expect((await totp.completeLogin(sessionId, codeOf())).ok).toBe(true);
  });

  test.each([
    ["before", false],
    ["after", true],
  ] as const)("%s an enrollment at a login: on is %s", async (when, isEnabled) => {
    const login = await totp.beginLogin("eve", { mustEnroll: true });
    const { sessionId } = login as { sessionId: string };
    const secret = await begin({ ...rig, totp }, "eve");
    events.length = 0;
    await failing(when, () => totp.completeLogin(sessionId, codeOf(secret)));
    expect(await totp.status("eve")).toMatchObject({ isEnabled });
    const again = await totp.completeLogin(sessionId, codeOf(secret));
    expect(again).toMatchObject(isEnabled ? UNKNOWN : { ok: true, userId: "eve" });
    // Nobody is locked out: the next login takes the next code.
    rig.clock.advance(30);
    expect((await totp.completeLogin(await beginLogin(totp, "eve"), codeOf(secret))).ok).toBe(true);
  });
});

describe("a user who must enroll", () => {
  const must = { mustEnroll: true };

  async function beginEnrolling(): Promise<string> {
    const begun = await rig.totp.beginLogin("eve", must);
    expect(begun).toMatchObject({ ok: true, isRequired: true, mustEnroll: true });
    return (begun as { sessionId: string }).sessionId;
  }

  test("completes the login by the code that confirms the setup", async () => {
    const sessionId = await beginEnrolling();
    const secret = await begin(rig, "eve");
    const completed = await rig.totp.completeLogin(sessionId, codeOf(secret));
    expect(completed).toEqual({
      ok: true,
      userId: "eve",
      method: "totp",
      backupCodesRemaining: 3,
      backupCodes: expect.any(Array),
    });
    const { backupCodes } = completed as { backupCodes: string[] };
    expect(await rig.totp.status("eve")).toMatchObject({ isEnabled: true });
    expect(rig.events.map(({ type }) => type)).toEqual(["login_begun", "setup_started", "enabled"]);
    expect(rig.events[0]).toMatchObject({ mustEnroll: true });
    expect(await rig.totp.completeLogin(sessionId, String(backupCodes[0]))).toEqual(UNKNOWN);
    const next = await beginLogin(rig.totp, "eve");
    expect((await rig.totp.completeLogin(next, String(backupCodes[0]))).ok).toBe(true);
  });

  test("gets nothing else for the session", async () => {
    const sessionId = await beginEnrolling();
    const { totp } = rig;
    const code = codeOf();
    const pending = { ok: false, reason: "nothing_pending" };
    expect(await totp.completeLogin(sessionId, code)).toEqual(pending);
    expect(await totp.verify("eve", code)).toEqual({ ok: false, reason: "not_enabled" });
    expect(await totp.trustDevice("eve")).toEqual({ ok: false, reason: "not_enabled" });
    expect(await totp.status("eve")).toEqual({ isEnabled: false, backupCodesRemaining: 0 });
    const secret = await begin(rig, "eve");
    const wrong = await totp.completeLogin(sessionId, wrongCode(rig.clock.time, secret));
    expect(wrong).toEqual({ ok: false, reason: "wrong_code" });
    const early = codeAt(secret, rig.clock.time + 300_000);
    const skewed = { ok: false, reason: "clock_skew", offsetSeconds: 300 };
    expect(await totp.completeLogin(sessionId, early)).toEqual(skewed);
    expect(await totp.status("eve")).toMatchObject({ isEnabled: false });
  });

  test("who has TOTP already is asked for a code", async () => {
    expect(await rig.totp.beginLogin("ada", must)).toMatchObject({ mustEnroll: false });
  });

  test("a trusted device is none while TOTP is off", async () => {
    const trusted = await rig.totp.trustDevice("ada");
    const { token } = trusted as { token: string };
    await rig.totp.reset("ada");
    const begun = await rig.totp.beginLogin("ada", { ...must, deviceToken: token });
    expect(begun).toMatchObject({ isRequired: true, mustEnroll: true });
  });

  test.each([
    [
      "TOTP was turned on by another way",
      () => begin(rig, "eve").then((secret) => rig.totp.confirm("eve", codeOf(secret))),
    ],
    [
      "an enrollment was imported",
      () => rig.totp.importEnrollment("eve", { secret: ada.secret, encoding: "base32" }),
    ],
    ["it was disabled", () => rig.totp.disable("eve", {})],
    ["it was reset", () => rig.totp.reset("eve")],
    ["the devices were revoked", () => rig.totp.revokeDevices("eve")],
    ["five minutes have passed", async () => rig.clock.advance(300)],
  ])("has no session any more after %s", async (_, end) => {
    const sessionId = await beginEnrolling();
    await end();
    expect(await rig.totp.completeLogin(sessionId, codeOf())).toEqual(UNKNOWN);
  });

  test("is not kept for ever: the store may forget the session", async () => {
    const set = jest.spyOn(rig.store, "compareAndSet");
    await beginEnrolling();
    const [, , , options] = set.mock.calls[0] ?? [];
    expect(Number(options?.expiresAt)).toBe(rig.clock.time + 300_000 + 3_600_000);
  });
});

describe("user ids", () => {
  test.each<[string, string | number | bigint]>([
    ["a string", "ada"],
    ["a string of digits", "1"],
    ["a number", 1],
    ["zero", 0],
    ["a negative number", -7],
    ["the largest number", Number.MAX_SAFE_INTEGER],
    ["a bigint", 1n],
    ["a large bigint", 2n ** 80n],
    ["a string with dots", "a.b..c."],
    ["a string like a session id", `sYQ.${"A".repeat(43)}`],
    ["other scripts", "Žluťoučký кот 猫 🐈"],
    ["leading zeros", "007"],
    ["1 KB", "i".repeat(1024)],
    ["1 KB of other scripts", "猫".repeat(341)],
  ])("%s comes back as it was", async (_, userId) => {
    const setup = await rig.totp.beginSetup(userId);
    const { secret } = setup as { secret: string };
    await rig.totp.confirm(userId, codeOf(secret));
    rig.clock.advance(30);
    const sessionId = await beginLogin(rig.totp, userId);
    const completed = await rig.totp.completeLogin(sessionId, codeOf(secret));
    expect(completed).toMatchObject({ ok: true });
    expect((completed as { userId: unknown }).userId).toBe(userId);
  });

  test("the session of a number is none of the string with the same digits", async () => {
    const setup = await rig.totp.beginSetup(1);
    await rig.totp.confirm(1, codeOf((setup as { secret: string }).secret));
    rig.clock.advance(30);
    const sessionId = await beginLogin(rig.totp, 1);
    const code = codeOf((setup as { secret: string }).secret);
    for (const type of ["s", "b"]) {
      expect(await rig.totp.completeLogin(type + sessionId.slice(1), code)).toEqual(UNKNOWN);
    }
    expect(await rig.totp.completeLogin(sessionId, code)).toMatchObject({ ok: true, userId: 1 });
  });
});

test("a mustEnroll that comes out of a database as 1 is one, and can be read again", async () => {
  const rig = createRig();
  const login = await rig.totp.beginLogin("ada", { mustEnroll: 1 as unknown as boolean });
  expect(login).toMatchObject({ isRequired: true, mustEnroll: true });
  expect(await rig.totp.status("ada")).toMatchObject({ isEnabled: false });
  const none = await rig.totp.beginLogin("eve", { mustEnroll: 0 as unknown as boolean });
  expect(none).toMatchObject({ isRequired: false, mustEnroll: false });
});
