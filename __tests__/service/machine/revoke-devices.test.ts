import { revokeDevice, revokeDevices } from "../../../lib/service/machine/revoke-devices.js";
import { active, CONTEXT, devices, FULL, logins } from "../../helpers/machine-states.js";

const event = { type: "device_revoked", deviceId: "device" };
const outcome = { ok: true };
const { devices: _, ...WITHOUT_DEVICES } = FULL;

describe("revokeDevice", () => {
  test("removes one device, and leaves logins alone", () => {
    const other = { ...devices[0], id: "other" } as (typeof devices)[number];
    const state = { ...FULL, devices: [...devices, other] };
    const result = revokeDevice(state, { id: "device" }, CONTEXT);
    expect(result).toEqual({ state: { ...FULL, devices: [other] }, outcome, events: [event] });
  });

  test.each([FULL, { active }])("changes nothing if there is none with this id", (state) => {
    const result = revokeDevice(state, { id: "unknown" }, CONTEXT);
    expect(result).toEqual({ state, outcome });
    expect(result.state).toBe(state);
  });
});

describe("revokeDevices", () => {
  test("removes all devices and logins", () => {
    const { logins: __, ...rest } = WITHOUT_DEVICES;
    const result = revokeDevices(FULL, undefined, CONTEXT);
    expect(result).toEqual({ state: rest, outcome, events: [event] });
    expect(Object.keys(result.state)).toEqual(Object.keys(rest));
  });

  test("removes devices if no login waits, and logins if there is no device", () => {
    expect(revokeDevices({ active, devices }, undefined, CONTEXT)).toEqual({
      state: { active },
      outcome,
      events: [event],
    });
    expect(revokeDevices({ active, logins }, undefined, CONTEXT)).toEqual({
      state: { active },
      outcome,
      events: [],
    });
  });

  test.each([{ active }, { active, devices: [], logins: [] }])(
    "changes nothing if there are neither",
    (state) => {
      const result = revokeDevices(state, undefined, CONTEXT);
      expect(result).toEqual({ state, outcome });
      expect(result.state).toBe(state);
    },
  );
});
