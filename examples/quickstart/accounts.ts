import { verifyTotp } from "express-totp-setup";
import createHttpError from "http-errors";

/** What a row of the users table would hold; there, both secrets are encrypted. */
export interface Account {
  id: string;
  accountName: string;
  /** Handed out by the setup route. It is good for nothing but being confirmed. */
  pending?: { secret: string; expiresAt: Date; wrongCodes: number } | undefined;
  /** Proved to be in the user's authenticator app: what a login asks for. */
  totp?: { secret: string; lastUsedStep: number };
}

const MOST_WRONG_CODES = 5;

export function savePending(account: Account | undefined, secret: string, expiresAt: Date): void {
  if (!account) throw createHttpError(404, "No such account");
  // Else a stolen API key would be enough to replace the second factor.
  if (account.totp) throw createHttpError(403, "Two-factor authentication is already on");
  account.pending = { secret, expiresAt, wrongCodes: 0 };
}

/** Turns two-factor authentication on if the code is right, and throws what to tell the user if not. */
export function confirmPending(account: Account, code: unknown): void {
  const { pending } = account;
  if (!pending || pending.expiresAt.getTime() <= Date.now()) {
    account.pending = undefined;
    throw createHttpError(409, "This setup has expired. Begin again.");
  }
  const step = verifyTotp({ secret: pending.secret, code: String(code) });
  if (step === undefined) {
    pending.wrongCodes += 1;
    if (pending.wrongCodes < MOST_WRONG_CODES) {
      throw createHttpError(422, "This code is wrong. Enter the one that the app shows now.");
    }
    account.pending = undefined;
    throw createHttpError(409, "Too many wrong codes. Begin again.");
  }
  // The step is kept so that the code that was just used is no login code too.
  account.totp = { secret: pending.secret, lastUsedStep: step };
  account.pending = undefined;
}
