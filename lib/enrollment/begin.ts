import type { Awaitable } from "../base/awaitable.js";
import { callWithin } from "../base/call-within.js";
import type { TotpUser, UserId } from "../base/user.js";
import { type Naming, nameAccount } from "./account.js";
import type { EnrollmentConfig } from "./options.js";
import { generatePendingSecret, type PendingSecret } from "./pending.js";

/** Whose setup begins, and how it is saved. */
export interface Beginning<Saved> {
  user: TotpUser;
  userId: UserId;
  naming: Naming;
  /** Aborted if the client has hung up: it cannot scan the code, and what was shown before stays valid. */
  signal?: Pick<AbortSignal, "throwIfAborted"> | undefined;
  /** Has its own limit of time. */
  save: (pending: PendingSecret) => Saved;
}

/**
 * Generates a secret, saves it, and renders its QR code meanwhile. The URL is there only when both are done:
 * a secret that was not saved is shown to nobody.
 */
export async function beginEnrollment<Saved>(
  config: EnrollmentConfig,
  { user, userId, naming, signal, save }: Beginning<Saved>,
): Promise<PendingSecret & { qrCodeUrl: string; saved: Awaited<Saved> }> {
  const { qrCode, timeoutMs } = config;
  const account = await nameAccount(naming, user, userId);
  signal?.throwIfAborted();
  const pending = generatePendingSecret(config, account);
  // Read before the app gets the details: it may well take the URI out of them before it stores them.
  const { otpauthUri } = pending.details;
  // The store is asked first, so that it works while this thread renders.
  const saving = (async () => save(pending))();
  const rendering = attempt(() => callWithin("qrCode", timeoutMs, () => qrCode.render(otpauthUri)));
  const [saved, qrCodeUrl] = await Promise.all([saving, rendering]);
  return { ...pending, saved, qrCodeUrl };
}

/** A failure must not leave the other promise without anybody who waits for it. */
function attempt<T>(call: () => Awaitable<T>): Awaitable<T> {
  try {
    return call();
  } catch (error) {
    return Promise.reject(error);
  }
}
