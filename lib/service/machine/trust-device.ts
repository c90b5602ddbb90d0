import type { Refused } from "../refusals.js";
import { addEntry } from "./entries.js";
import { type Operation, refuse } from "./operation.js";
import type { Device } from "./state.js";

const MOST_DEVICES = 10;

interface Input {
  device: Omit<Device, "createdAt" | "expiresAt">;
  lifetimeMs: number;
}

/** Trusts a device. An eleventh one replaces the oldest. */
export const trustDevice: Operation<
  Input,
  { ok: true; expiresAt: number } | Refused<"not_enabled">
> = (state, { device, lifetimeMs }, { now }) => {
  if (!state.active) return refuse(state, "not_enabled");
  const { id, label } = device;
  const expiresAt = now + lifetimeMs;
  const entry = { ...device, createdAt: now, expiresAt };
  return {
    state: { ...state, devices: addEntry(state.devices, entry, MOST_DEVICES, now) },
    outcome: { ok: true, expiresAt },
    events: [
      {
        type: "device_trusted",
        deviceId: id,
        ...(label !== undefined && { label }),
        expiresAt: new Date(expiresAt),
      },
    ],
  };
};
