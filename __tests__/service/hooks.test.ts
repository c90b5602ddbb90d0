import type { TotpEvent } from "express-totp-setup";
import { begin, codeAt, createRig, lock, type Rig, wrongCode } from "../helpers/service.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const SECRET_OF_APP = "the password of the audit log";

/** Everything that there are events for, and what it comes to without backup codes and secrets. */
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
    await totp.verify("ada", wrongCode(clock.time, secret)),
    await totp.status("ada"),
    (await totp.regenerateBackupCodes("ada")).ok,
  ];
  await totp.unlock("ada");
  await lock(rig, "ada", secret);
  outcomes.push(await totp.unlock("ada"), await totp.disable("ada"));
  const existing = { secret, encoding: "base32" } as const;
  outcomes.push(await totp.importEnrollment("ada", existing));
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
  ["throws what is no error", () => Promise.reject(SECRET_OF_APP)],
  [
    "gives something with a then that throws",
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: that is the test
      get then() {
        throw new RangeError(SECRET_OF_APP);
      },
    }),
  ],
  [
    "writes in the event",
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

test("without onEvent all is the same", async () => {
  const expected = await liveThrough(createRig());
  expect(await liveThrough(createRig({ onEvent: undefined }))).toEqual(expected);
});

test.each(HOOKS.slice(0, 2))("an onEvent that %s is told of by a warning", async (_, onEvent) => {
  await begin(createRig({ onEvent }), "ada");
  const options = { type: "TotpWarning", code: "TOTP_ON_EVENT" };
  expect(warn.mock.calls).toEqual([["onEvent failed (RangeError)", options]]);
});

test("an onEvent is called after the write, and sees what it tells of", async () => {
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
  const common = ["userId", "at"];
  const fields: Record<string, string[]> = {
    setup_started: ["type", "expiresAt", ...common],
    enabled: ["type", "offset", ...common],
    imported: ["type", ...common],
    rejected: ["type", "purpose", "reason", ...common],
    locked: ["type", "purpose", "until", ...common],
    unlocked: ["type", ...common],
    disabled: ["type", ...common],
    backup_codes_regenerated: ["type", ...common],
    backup_codes_low: ["type", "backupCodesRemaining", ...common],
  };
  const seen = new Set<string>();
  for (const event of rig.events) {
    seen.add(event.type);
    expect(event.userId).toBe("ada");
    expect(event.at).toBeInstanceOf(Date);
    const offset = event.type === "verified" && event.method === "totp" ? ["offset"] : [];
    const verified = ["type", "purpose", "method", ...offset, "backupCodesRemaining", ...common];
    expect(Object.keys(event)).toEqual(event.type === "verified" ? verified : fields[event.type]);
  }
  expect([...seen].sort()).toEqual([...Object.keys(fields), "verified"].sort());
});
