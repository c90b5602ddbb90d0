import { callWithin } from "../base/call-within.js";
import type { TotpUser, UserId } from "../base/user.js";
import { type Naming, nameAccount } from "./account.js";
import type { EnrollmentConfig } from "./options.js";
import { generatePendingSecret, type PendingSecret } from "./pending.js";

/** The user whose setup begins, and how the secret is saved. */
export interface Beginning<Saved> {
  user: TotpUser;
  userId: UserId;
  naming: Naming;
  /** Aborted if the client has disconnected: it would never show the new code, and the earlier one stays valid. */
  signal?: Pick<AbortSignal, "throwIfAborted"> | undefined;
  /** Has its own timeout. */
  save: (pending: PendingSecret) => Saved;
}

/**
 * Generates a secret, and renders its QR code while the secret is saved. Returns when both are done, so a secret that
 * was not saved is never shown.
 */
export async function beginEnrollment<Saved>(
  config: EnrollmentConfig,
  { user, userId, naming, signal, save }: Beginning<Saved>,
): Promise<PendingSecret & { qrCodeUrl: string; saved: Awaited<Saved> }> {
  const { qrCode, timeoutMs } = config;
  const account = await nameAccount(naming, user, userId);
  signal?.throwIfAborted();
  const pending = generatePendingSecret(config, account);
  // Read before the app receives the details, because it can delete the URI from them before it stores them.
  const { otpauthUri } = pending.details;
  // The store is called first, so that it works while this thread renders.
  const saving = (async () => save(pending))();
  const rendering = (async () =>
    callWithin("qrCode", timeoutMs, () => qrCode.render(otpauthUri)))();
  const [saved, qrCodeUrl] = await Promise.all([saving, rendering]);
  return { ...pending, saved, qrCodeUrl };
}
