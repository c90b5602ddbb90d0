import type { TotpEvent } from "express-totp-setup";
import {
  begin,
  codeAt,
  createRig,
  lock,
  type Rig,
  threeCodes,
  VOUCHED,
  wrongCode,
} from "../helpers/service.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const SECRET_OF_APP = "the password of the audit log";

/** Causes every event, and returns the outcomes without backup codes and secrets. */
async function liveThrough(rig: Rig): Promise<unknown[]> {
  const { totp, clock } = rig;
  const secret = await begin(rig, "ada");
  const confirmed = await totp.confirm("ada", codeAt(secret, clock.time));
  const backupCodes = confirmed.ok ? confirmed.backupCodes : [];
  clock.advance(30);
  const outcomes: unknown[] = [
    confirmed.ok,
    await totp.verify("ada", codeAt(secret, clock.time)),
    await totp.verify("ada", String(backupCodes[0])),
    await totp.verify("ada", threeCodes(secret, clock.time + 90_000)),
    await totp.verify("ada", wrongCode(clock.time, secret)),
    await totp.verify("ada", codeAt(secret, clock.time + 300_000)),
    await totp.status("ada"),
    (await totp.regenerateBackupCodes("ada", VOUCHED)).ok,
  ];
  await totp.unlock("ada");
  await lock(rig, "ada", secret);
  outcomes.push(await totp.verify("ada", "123456"), await totp.verify("ada", "123456"));
  outcomes.push(await totp.unlock("ada"), await totp.disable("ada", VOUCHED));
  const existing = { secret, encoding: "base32" } as const;
  outcomes.push(await totp.importEnrollment("ada", existing), await totp.reset("ada"));
  return outcomes;
}

let warn: jest.SpyInstance;
beforeEach(() => {
  warn = jest.spyOn(process, "emitWarning").mockReturnValue();
});
afterEach(() => warn.mockRestore());

const HOOKS: [string, (event: TotpEvent) => unknown][] = [
  [
    "throws",
    () => {
      throw new RangeError(SECRET_OF_APP);
    },
  ],
  ["rejects", () => Promise.reject(new RangeError(SECRET_OF_APP))],
  ["hangs", () => new Promise(() => {})],
  ["rejects with what is no error", () => Promise.reject(SECRET_OF_APP)],
  [
    "returns an object with a then that throws",
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: that is the test
      get then() {
        throw new RangeError(SECRET_OF_APP);
      },
    }),
  ],
  [
    "changes the event",
    (event) => {
      Object.assign(event, { type: "enabled", userId: "eve", backupCodesRemaining: 99 });
      return event.at.setTime(0);
    },
  ],
];

test.each(HOOKS)("an onEvent that %s changes no outcome", async (_, onEvent) => {
  const expected = await liveThrough(createRig());
  expect(await liveThrough(createRig({ onEvent }))).toEqual(expected);
});

test("without onEvent the outcomes are the same", async () => {
  const expected = await liveThrough(createRig());
  expect(await liveThrough(createRig({ onEvent: undefined }))).toEqual(expected);
});

test.each(HOOKS.slice(0, 2))("an onEvent that %s causes a warning", async (_, onEvent) => {
  await begin(createRig({ onEvent }), "ada");
  const options = { type: "TotpWarning", code: "TOTP_ON_EVENT" };
  expect(warn.mock.calls).toEqual([["onEvent failed (RangeError)", options]]);
});

test("onEvent is called after the write, and sees its effect", async () => {
  const seen: unknown[] = [];
  const rig: Rig = createRig({
    onEvent: async ({ type }) => seen.push([type, (await rig.totp.status("ada")).isEnabled]),
  });
  const secret = await begin(rig, "ada");
  await rig.totp.confirm("ada", codeAt(secret, rig.clock.time));
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([
    ["setup_started", false],
    ["enabled", true],
  ]);
});

test("every event has its fields in this order", async () => {
  const rig = createRig();
  await liveThrough(rig);
  const common = ["userId", "by", "at"];
  const counts = ["backupCodesRemaining", "wrongCodesBefore", ...common];
  const verified = ["type", "purpose", "method"];
  const fields: Record<string, string[]> = {
    setup_started: ["type", "expiresAt", ...common],
    enabled: ["type", "wasEnabled", "offset", ...common],
    imported: ["type", ...common],
    "verified totp": [...verified, "offset", ...counts],
    "verified three_codes": [...verified, "offset", "clockOffsetSeconds", ...counts],
    "verified backup_code": [...verified, ...counts],
    "rejected wrong": ["type", "purpose", "reason", ...common],
    "rejected clock_skew": ["type", "purpose", "reason", "offset", ...common],
    locked: ["type", "purpose", "until", ...common],
    refused_while_locked: ["type", "purpose", "until", ...common],
    unlocked: ["type", ...common],
    disabled: ["type", ...common],
    reset: ["type", ...common],
    backup_codes_regenerated: ["type", ...common],
    backup_codes_low: ["type", "backupCodesRemaining", ...common],
  };
  const seen = new Set<string>();
  for (const event of rig.events) {
    const detail =
      event.type === "verified" ? event.method : event.type === "rejected" ? event.reason : "";
    const kind = `${event.type} ${detail}`.trim();
    seen.add(kind);
    expect(event.userId).toBe("ada");
    expect(event.at).toBeInstanceOf(Date);
    expect([kind, Object.keys(event)]).toEqual([kind, fields[kind]]);
  }
  expect([...seen].sort()).toEqual(Object.keys(fields).sort());
});

test("every event has the context of its call, and says who made it", async () => {
  const rig = createRig();
  const { totp, clock, events } = rig;
  let calls = 0;
  const seen: unknown[] = [];
  const context = () => ({ requestId: ++calls });
  const note = () => {
    for (const { type, by, context } of events.splice(0)) seen.push([type, by, context]);
  };
  const user = async (work: (context: object) => Promise<unknown>) => {
    await work(context());
    note();
  };
  const setup = await totp.beginSetup("ada", { context: context() });
  const secret = setup.ok ? setup.secret : "";
  note();
  const code = () => {
    const shown = codeAt(secret, clock.time);
    clock.advance(30);
    return shown;
  };
  await user((context) => totp.confirm("ada", code(), { context }));
  await user((context) => totp.verify("ada", code(), { context }));
  await user((context) => totp.regenerateBackupCodes("ada", { proof: { code: code() }, context }));
  await user((context) => totp.regenerateBackupCodes("ada", { ...VOUCHED, context }));
  await user((context) => totp.beginSetup("ada", { ...VOUCHED, context }));
  await lock(rig, "ada", secret);
  events.length = 0;
  await user((context) => totp.verify("ada", code(), { context }));
  await user((context) => totp.unlock("ada", { context }));
  await user((context) => totp.disable("ada", { ...VOUCHED, context }));
  await begin(rig, "ada");
  events.length = 0;
  await user((context) => totp.reset("ada", { context }));
  expect(seen).toEqual([
    ["setup_started", "user", { requestId: 1 }],
    ["enabled", "user", { requestId: 2 }],
    ["verified", "user", { requestId: 3 }],
    ["verified", "user", { requestId: 4 }],
    ["backup_codes_regenerated", "user", { requestId: 4 }],
    ["backup_codes_regenerated", "trusted", { requestId: 5 }],
    ["setup_started", "trusted", { requestId: 6 }],
    ["refused_while_locked", "user", { requestId: 7 }],
    ["unlocked", "trusted", { requestId: 8 }],
    ["disabled", "trusted", { requestId: 9 }],
    ["reset", "trusted", { requestId: 10 }],
  ]);
});

test("a context is handed on as it is, and left out if there is none", async () => {
  const { totp, events } = createRig();
  const given = Object.freeze({ address: "192.0.2.1" });
  for (const context of [given, "text", null, 0, false]) {
    await totp.beginSetup("ada", { context });
    expect(events.at(-1)?.context).toBe(context);
  }
  await totp.beginSetup("ada", { context: undefined });
  expect(events.at(-1)).not.toHaveProperty("context");
});
