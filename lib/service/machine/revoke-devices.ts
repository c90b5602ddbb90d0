import type { Operation } from "./operation.js";
import type { Device } from "./state.js";

const revoked = ({ id }: Device) => ({ type: "device_revoked" as const, deviceId: id });

/** Revokes a device, if it exists. */
export const revokeDevice: Operation<{ id: string }, { ok: true }> = (state, { id }) => {
  const device = state.devices?.find((each) => each.id === id);
  if (!device) return { state, outcome: { ok: true } };
  const devices = state.devices?.filter((each) => each !== device);
  return { state: { ...state, devices }, outcome: { ok: true }, events: [revoked(device)] };
};

/** Revokes all devices, and ends the logins that wait for their second step. */
export const revokeDevices: Operation<undefined, { ok: true }> = (state) => {
  const { devices = [], logins = [], ...rest } = state;
  if (devices.length === 0 && logins.length === 0) return { state, outcome: { ok: true } };
  return { state: rest, outcome: { ok: true }, events: devices.map(revoked) };
};
