import type { UserId } from "../base/user.js";

interface Circumstances {
  /** As in {@link TotpEvent}: this router's events are all of the user. */
  by: "user";
  at: Date;
  /** What `eventContext` returned. */
  context?: unknown;
}

/** What happened, for an audit log. It never holds a secret, a code or an API key. */
export type TotpSetupEvent<Id extends UserId = UserId> =
  | (Circumstances & {
      /** A pending secret was generated and saved. */
      type: "setup_started";
      userId: Id;
      /** When the pending secret stops being confirmable. */
      expiresAt: Date;
    })
  | (Circumstances & {
      /** A rejected API key, or nobody signed in. */
      type: "unauthenticated";
      userId?: undefined;
    });
