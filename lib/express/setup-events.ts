import type { UserId } from "../base/user.js";

/** What happened, for an audit log. It never holds a secret, a code or an API key. */
export type TotpSetupEvent =
  | {
      /** A pending secret was made and saved. */
      type: "setup_started";
      userId: UserId;
      at: Date;
      /** When the pending secret stops being confirmable. */
      expiresAt: Date;
    }
  | {
      /** `authenticate` rejected a key, or there was no usable one. */
      type: "unauthenticated";
      at: Date;
    };
