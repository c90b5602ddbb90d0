import type { TotpService, TotpStore } from "express-totp-setup";
import { begin, codeAt, createRig, enroll, type Rig } from "../helpers/service.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const DAY = 86_400;
const NOT_REQUIRED = { ok: true, isRequired: false, mustEnroll: false };

let rig: Rig;
let secret: string;

beforeEach(async () => {
  rig = createRig();
  ({ secret } = await enroll(rig, "ada"));
});

async function trust(options?: Parameters<TotpService["trustDevice"]>[1], totp = rig.totp) {
  const outcome = await totp.trustDevice("ada", options);
  if (!outcome.ok) throw new Error(`not trusted: ${outcome.reason}`);
  return outcome;
}

async function isRequired(deviceToken: string | undefined): Promise<boolean> {
  return (await rig.totp.beginLogin("ada", { deviceToken })).isRequired;
}

describe("a trusted device", () => {
  test("needs no second step for thirty days", async () => {
    const { id, token, expiresAt } = await trust({ label: "Ada's laptop", context: "10.0.0.1" });
    expect(expiresAt).toEqual(new Date(rig.clock.time + 30 * DAY * 1000));
    expect(token).toMatch(/^[\w-]{43}$/);
    const options = { deviceToken: token, context: "10.0.0.2" };
    expect(await rig.totp.beginLogin("ada", options)).toEqual(NOT_REQUIRED);
    const circumstances = { userId: "ada", by: "user", at: new Date(rig.clock.time) };
    expect(rig.events).toEqual([
      {
        type: "device_trusted",
        deviceId: id,
        label: "Ada's laptop",
        expiresAt,
        context: "10.0.0.1",
        ...circumstances,
      },
      { type: "login_by_device", deviceId: id, context: "10.0.0.2", ...circumstances },
    ]);
    rig.clock.advance(30 * DAY - 1);
    expect(await isRequired(token)).toBe(false);
    rig.clock.advance(1);
    expect(await isRequired(token)).toBe(true);
    expect(await rig.totp.listDevices("ada")).toEqual([]);
  });

  test("is trusted for as long as the option says, which the use of it does not prolong", async () => {
    const options = { store: rig.store, trustedDeviceDays: 1 };
    const { token } = await trust({}, createRig(options, rig.clock).totp);
    rig.clock.advance(DAY - 1);
    expect(await isRequired(token)).toBe(false);
    rig.clock.advance(1);
    expect(await isRequired(token)).toBe(true);
  });

  test("writes nothing at a login, and uses up no code", async () => {
    const { token } = await trust();
    const before = await rig.store.get("ada");
    await isRequired(token);
    expect(await rig.store.get("ada")).toBe(before);
    expect((await rig.totp.verify("ada", codeAt(secret, rig.clock.time))).ok).toBe(true);
  });

  test.each([
    ["no token", undefined],
    ["null", null],
    ["an empty token", ""],
    ["a list", ["token"]],
    ["an object", { token: "token" }],
    ["a number", 1],
    ["true", true],
  ])("is not known by %s", async (_, deviceToken) => {
    await trust();
    const begun = await rig.totp.beginLogin("ada", { deviceToken: deviceToken as string });
    expect(begun.isRequired).toBe(true);
  });

  test("is not trusted while TOTP is off, nor while it is pending", async () => {
    const refused = { ok: false, reason: "not_enabled" };
    expect(await rig.totp.trustDevice("eve")).toEqual(refused);
    await begin(rig, "eve");
    expect(await rig.totp.trustDevice("eve")).toEqual(refused);
    expect(await rig.totp.listDevices("eve")).toEqual([]);
  });
});

describe("the list", () => {
  test("has what the user knows the devices by, oldest first, and no token", async () => {
    const first = await trust({ label: "Laptop" });
    rig.clock.advance(60);
    const second = await trust();
    const [createdAt, before] = [new Date(rig.clock.time), new Date(rig.clock.time - 60_000)];
    expect(await rig.totp.listDevices("ada")).toEqual([
      { id: first.id, label: "Laptop", createdAt: before, expiresAt: first.expiresAt },
      { id: second.id, createdAt, expiresAt: second.expiresAt },
    ]);
  });

  test("has ten at most: an eleventh replaces the oldest, and no other one", async () => {
    const devices = [];
    for (let i = 0; i < 11; i++) devices.push(await trust());
    const listed = await rig.totp.listDevices("ada");
    expect(listed.map(({ id }) => id)).toEqual(devices.slice(1).map(({ id }) => id));
    const required = await Promise.all(devices.map(({ token }) => isRequired(token)));
    expect(required).toEqual([true, ...Array(10).fill(false)]);
  });

  test("makes room by what has expired first", async () => {
    const short = createRig({ store: rig.store, trustedDeviceDays: 1 }, rig.clock).totp;
    const kept = await trust();
    for (let i = 0; i < 9; i++) await trust({}, short);
    rig.clock.advance(DAY);
    await trust();
    expect(await isRequired(kept.token)).toBe(false);
    expect(await rig.totp.listDevices("ada")).toHaveLength(2);
  });
});

describe("labels", () => {
  test.each<[string, string | null | undefined, string | undefined]>([
    ["none", undefined, undefined],
    ["null", null, undefined],
    ["an empty one", "", undefined],
    ["white space", " \t\n ", undefined],
    ["control characters alone", "\0\x1b\x7f\x9f", undefined],
    [
      "control characters within",
      "Ada\r\nSet-Cookie: a=b\x1b[31m\u2028\u2029",
      "AdaSet-Cookie: a=b[31m",
    ],
    ["lone surrogates", "a\ud800b\udc00c", "abc"],
    ["white space around", "  Laptop ", "Laptop"],
    ["HTML, which whoever shows it has to escape", "<b>Laptop</b>", "<b>Laptop</b>"],
    ["64 characters", "x".repeat(64), "x".repeat(64)],
    ["white space before 64 characters", `  ${"x".repeat(64)}`, "x".repeat(64)],
    ["white space as the last of 64", `${"x".repeat(63)} y`, "x".repeat(63)],
    ["65 characters", "x".repeat(65), "x".repeat(64)],
    ["64 characters of two code units", "💻".repeat(65), "💻".repeat(64)],
    ["a megabyte", "x".repeat(1_000_000), "x".repeat(64)],
  ])("%s", async (_, given, label) => {
    await trust({ label: given });
    const [device] = await rig.totp.listDevices("ada");
    expect(device?.label).toBe(label);
    expect(rig.events).toMatchObject([label === undefined ? {} : { label }]);
    expect("label" in Object(rig.events[0])).toBe(label !== undefined);
    expect("label" in Object(device)).toBe(label !== undefined);
  });

  test.each([[1], [{}], [["Laptop"]], [true]])("%p is a mistake", async (label) => {
    await expect(
      rig.totp.trustDevice("ada", { label: label as unknown as string }),
    ).rejects.toMatchObject({ option: "label", expected: "a string" });
    expect(await rig.totp.listDevices("ada")).toEqual([]);
  });
});

describe("revoking", () => {
  test("one device leaves the others", async () => {
    const [one, two] = [await trust(), await trust()];
    rig.events.length = 0;
    const context = "10.0.0.1";
    expect(await rig.totp.revokeDevice("ada", one.id, { context })).toEqual({ ok: true });
    expect(rig.events).toMatchObject([
      { type: "device_revoked", deviceId: one.id, by: "user", context },
    ]);
    expect(await isRequired(one.token)).toBe(true);
    expect(await isRequired(two.token)).toBe(false);
  });

  test.each(["", "unknown", "__proto__", "0"])("the unknown id %p does nothing", async (id) => {
    const { token } = await trust();
    rig.events.length = 0;
    const before = await rig.store.get("ada");
    expect(await rig.totp.revokeDevice("ada", id)).toEqual({ ok: true });
    expect(await rig.store.get("ada")).toBe(before);
    expect(rig.events).toEqual([]);
    expect(await isRequired(token)).toBe(false);
  });

  test("a token is no id, and the id of another user's device is unknown", async () => {
    const { id, token } = await trust();
    await enroll(rig, "eve");
    await rig.totp.revokeDevice("eve", id);
    await rig.totp.revokeDevice("ada", token);
    expect(await rig.totp.listDevices("ada")).toHaveLength(1);
  });

  test("all devices is an event for each, and ends the logins that wait", async () => {
    const devices = [await trust(), await trust()];
    const begun = await rig.totp.beginLogin("ada");
    rig.events.length = 0;
    expect(await rig.totp.revokeDevices("ada")).toEqual({ ok: true });
    expect(rig.events).toMatchObject(
      devices.map(({ id }) => ({ type: "device_revoked", by: "user", deviceId: id })),
    );
    for (const { token } of devices) expect(await isRequired(token)).toBe(true);
    const { sessionId } = begun as { sessionId: string };
    const completed = await rig.totp.completeLogin(sessionId, codeAt(secret, rig.clock.time));
    expect(completed).toEqual({ ok: false, reason: "unknown_session" });
    expect(await rig.totp.status("ada")).toMatchObject({ isEnabled: true });
  });

  test("in parallel revokes each device once", async () => {
    const { id } = await trust();
    rig.events.length = 0;
    const { totp } = createRig(
      { store: rig.store, onEvent: (event) => rig.events.push(event) },
      rig.clock,
    );
    await Promise.all([
      rig.totp.revokeDevice("ada", id),
      totp.revokeDevice("ada", id),
      totp.revokeDevices("ada"),
    ]);
    expect(rig.events).toHaveLength(1);
  });
});

test("devices that are trusted in parallel over several instances are all trusted", async () => {
  const instances = Array.from(
    { length: 3 },
    () => createRig({ store: rig.store }, rig.clock).totp,
  );
  const devices = await Promise.all(
    instances.flatMap((totp) => [trust({}, totp), trust({}, totp)]),
  );
  expect(await rig.totp.listDevices("ada")).toHaveLength(6);
  for (const { token } of devices) expect(await isRequired(token)).toBe(false);
});

describe("a store that fails", () => {
  const down = new Error("the connection was lost");

  function failing(when: "before" | "after") {
    const { store } = rig;
    const brittle: TotpStore = {
      get: (userId) => store.get(userId),
      compareAndSet: async (...args) => {
        if (when === "after") await store.compareAndSet(...args);
        throw down;
      },
    };
    return createRig({ store: brittle }, rig.clock);
  }

  test.each([
    ["before", 1],
    ["after", 2],
  ] as const)("%s a device is trusted: %i of two are listed", async (when, count) => {
    const { token } = await trust();
    const { totp, events } = failing(when);
    await expect(totp.trustDevice("ada")).rejects.toBe(down);
    expect(events).toEqual([]);
    expect(await rig.totp.listDevices("ada")).toHaveLength(count);
    expect(await isRequired(token)).toBe(false);
    // What nobody has the token of can be revoked like every other one.
    const [, second] = await rig.totp.listDevices("ada");
    if (second) await rig.totp.revokeDevice("ada", second.id);
    expect(await rig.totp.listDevices("ada")).toHaveLength(1);
  });

  test.each([
    ["before", false],
    ["after", true],
  ] as const)("%s the devices are revoked: a code is required is %s", async (when, required) => {
    const { id, token } = await trust();
    const { totp } = failing(when);
    const calls = [() => totp.revokeDevice("ada", id), () => totp.revokeDevices("ada")];
    const [first, second] = when === "before" ? calls : calls.reverse();
    await expect(first?.()).rejects.toBe(down);
    // With nothing left to revoke there is nothing to write.
    if (when === "after") await expect(second?.()).resolves.toEqual({ ok: true });
    else await expect(second?.()).rejects.toBe(down);
    expect(await isRequired(token)).toBe(required);
  });
});
