import { timingSafeEqual } from "node:crypto";
import { callWithin } from "../base/call-within.js";
import { invalid, oneOf } from "../base/checks.js";
import { type OptionTable, optional, withDefault } from "../base/options.js";
import { idOf, isUserId, type TotpUser, USER_ID_EXPECTATION, type UserId } from "../base/user.js";
import { type Naming, nameAccount } from "../enrollment/account.js";
import { beginEnrollment } from "../enrollment/begin.js";
import { composeOtpauthUri } from "../otp/otpauth-uri.js";
import { type Core, callBy, readOptions } from "./core.js";
import { beginSetup as beginSetupInState } from "./machine/begin-setup.js";
import type { BeginSetupOutcome, ResumeSetupOutcome } from "./outcomes.js";
import { actorOf, PROOF_OPTIONS, type ProofOptions } from "./proof.js";

/**
 * Options of {@link TotpService.beginSetup}.
 *
 * @example
 * ```ts
 * const options: BeginSetupOptions = { isAuthorized: signedInRecently(req) };
 * const setup = await totp.beginSetup(user, options);
 * ```
 */
export interface BeginSetupOptions extends ProofOptions {
  /** If it is aborted before the secret is saved, the call rejects with its reason, and saves nothing. */
  signal?: Pick<AbortSignal, "throwIfAborted"> | undefined;
  /**
   * Whether a setup can begin without a proof, while TOTP is off. If not, it is refused with `not_authorized`.
   *
   * @default true
   */
  isAuthorized?: boolean | undefined;
}

export const BEGIN_SETUP_OPTIONS = {
  ...PROOF_OPTIONS,
  signal: optional(checkSignal),
  isAuthorized: withDefault(true, oneOf([true, false])),
} satisfies OptionTable<BeginSetupOptions>;

export async function beginSetup(
  core: Core,
  user: TotpUser,
  given: BeginSetupOptions | undefined,
): Promise<BeginSetupOutcome> {
  const options = readOptions("beginSetup", BEGIN_SETUP_OPTIONS, given);
  const { proof, isAuthorized, signal } = options;
  const { config } = core;
  const userId = checkUser(user);
  const { parameters } = config;
  const begun = await beginEnrollment(config, {
    user,
    userId,
    naming: namingOf(core, user),
    signal,
    save: ({ secret, details }) => {
      const enrollment = { secret, ...parameters, expiresAt: details.expiresAt.getTime() };
      const call = callBy(actorOf(proof), userId, options);
      return core.run(call, beginSetupInState, { enrollment, proof, isAuthorized });
    },
  });
  if (!begun.saved.ok) return begun.saved;
  const { secret, qrCodeUrl, details } = begun;
  const { otpauthUri, expiresAt } = details;
  return { ok: true, secret, otpauthUri, qrCodeUrl, expiresAt };
}

export async function resumeSetup(
  core: Core,
  user: TotpUser,
  secret: unknown,
): Promise<ResumeSetupOutcome> {
  const { config } = core;
  const userId = checkUser(user);
  const { pending } = await core.read(userId);
  const now = core.now();
  const found = pending?.enrollments.find(
    (each) => each.expiresAt > now && areEqual(each.secret, secret),
  );
  if (!found) return { ok: false, reason: "nothing_pending" };
  const { issuer, accountName } = await nameAccount(namingOf(core, user), user, userId);
  const otpauthUri = composeOtpauthUri(found.secret, accountName, issuer, found);
  const qrCodeUrl = await callWithin("qrCode", config.timeoutMs, async () =>
    config.qrCode.render(otpauthUri),
  );
  const expiresAt = new Date(found.expiresAt);
  return { ok: true, secret: found.secret, otpauthUri, qrCodeUrl, expiresAt };
}

function namingOf({ config }: Core, user: TotpUser): Naming {
  const { issuer, accountName, timeoutMs } = config;
  return {
    issuer: typeof issuer === "function" ? () => issuer(user) : issuer,
    accountName,
    timeoutMs,
  };
}

function checkSignal(option: string, value: unknown): Pick<AbortSignal, "throwIfAborted"> {
  const { throwIfAborted } = Object(value) as Partial<AbortSignal>;
  if (typeof throwIfAborted === "function") return value as AbortSignal;
  return invalid(option, "an AbortSignal", value);
}

function areEqual(kept: string, given: unknown): boolean {
  if (typeof given !== "string" || given.length !== kept.length) return false;
  const [a, b] = [Buffer.from(kept), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function checkUser(user: TotpUser): UserId {
  const userId = idOf(user);
  if (isUserId(userId)) return userId;
  return invalid("user", `${USER_ID_EXPECTATION}, or an object with such an id`, userId);
}
