import { randomBytes } from "node:crypto";
import { invalid } from "../base/checks.js";
import { type OptionTable, optional } from "../base/options.js";
import type { UserId } from "../base/user.js";
import { CALL_OPTIONS, type CallOptions, type Core, callBy, readOptions } from "./core.js";
import type { TrustDeviceOutcome, TrustedDevice } from "./login-outcomes.js";
import { trustDevice as trustInState } from "./machine/trust-device.js";
import { generateToken, hashToken } from "./token.js";

const DAY_MS = 86_400_000;
const ID_BYTES = 12;
const LONGEST_LABEL = 64;

/**
 * Options of {@link TotpService.trustDevice}.
 *
 * @example
 * ```ts
 * const options: TrustDeviceOptions = { label: "Firefox, Windows" };
 * const outcome = await totp.trustDevice(user.id, options);
 * ```
 */
export interface TrustDeviceOptions extends CallOptions {
  /** The name of the device for its user. Control characters are removed, and it is cut to 64 characters. */
  label?: string | null | undefined;
}

export const TRUST_DEVICE_OPTIONS = {
  ...CALL_OPTIONS,
  label: optional(readLabel),
} satisfies OptionTable<TrustDeviceOptions>;

export async function trustDevice(
  core: Core,
  userId: UserId,
  given: TrustDeviceOptions | undefined,
): Promise<TrustDeviceOutcome> {
  const options = readOptions("trustDevice", TRUST_DEVICE_OPTIONS, given);
  const [id, token] = [randomBytes(ID_BYTES).toString("base64url"), generateToken()];
  const { label } = options;
  const device = { id, hash: hashToken(token), ...(label && { label }) };
  const lifetimeMs = core.config.trustedDeviceDays * DAY_MS;
  const call = callBy("user", userId, options);
  const outcome = await core.run(call, trustInState, { device, lifetimeMs });
  return outcome.ok ? { ok: true, id, token, expiresAt: new Date(outcome.expiresAt) } : outcome;
}

export async function listDevices(core: Core, userId: UserId): Promise<TrustedDevice[]> {
  const { devices = [] } = await core.read(userId);
  const now = core.now();
  return devices
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ id, label, createdAt, expiresAt }) => ({
      id,
      ...(label !== undefined && { label }),
      createdAt: new Date(createdAt),
      expiresAt: new Date(expiresAt),
    }));
}

/** Cuts by code points, so that no surrogate pair is split. */
function readLabel(option: string, label: unknown): string {
  if (label === null) return "";
  if (typeof label !== "string") return invalid(option, "a string", label);
  const shown = label.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, "").trim();
  return [...shown].slice(0, LONGEST_LABEL).join("").trim();
}
