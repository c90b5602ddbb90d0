import type { UserId } from "../base/user.js";

interface Circumstances {
  /** Always the user. */
  by: "user";
  /** When it happened. */
  at: Date;
  /** The return value of `eventContext`. */
  context?: unknown;
}

/**
 * An event of {@link createTotpSetupRouter} for an audit log. Never contains a secret, a code, or an API key.
 *
 * @example
 * ```ts
 * const onEvent = (event: TotpSetupEvent) => console.log(event.at.toISOString(), event.type, event.userId);
 * app.use(createTotpSetupRouter({ authenticate, savePendingSecret, onEvent }));
 * ```
 */
export type TotpSetupEvent<Id extends UserId = UserId> =
  | (Circumstances & {
      /** A pending secret was generated and saved. */
      type: "setup_started";
      /** The user's id, as the app returned it. */
      userId: Id;
      /** When the pending secret expires. */
      expiresAt: Date;
    })
  | (Circumstances & {
      /** The API key was rejected, or nobody is signed in. */
      type: "unauthenticated";
      userId?: undefined;
    });
