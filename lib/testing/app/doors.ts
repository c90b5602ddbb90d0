import type { Client } from "./client.js";
import type { Enrolled } from "./enrolled.js";
import type { AppConfig } from "./options.js";
import { type AppTrial, booleanOf, type ClientLooks } from "./trial.js";
import type { GuardedCall } from "./two-factor-app.js";

/** A client in front of a door, with everything but the code. */
export interface Approach {
  client: Client;
  /** Sends a code and returns whether the door opened. `view` is what the client is seen as while it does. */
  open(code: string, view?: Client): Promise<boolean>;
}

/** Something that a code opens. */
export interface Door {
  name: string;
  needs: readonly (keyof AppConfig)[];
  /** Whether it opens more than once for a user. Turning two-factor off a second time is no sign of anything. */
  isRepeatable: boolean;
  /** `looks` are those of a client that is to sign in; at other doors it has done so before. */
  approach(trial: AppTrial, enrolled: Enrolled, looks?: ClientLooks): Promise<Approach>;
  /** The same, after the code has signed somebody in. */
  approachAfter(trial: AppTrial, enrolled: Enrolled, code: string): Promise<Approach>;
}

const LOGIN: Door = {
  name: "sign-in",
  needs: [],
  isRepeatable: true,
  async approach(trial, { user }, looks) {
    const pending = await trial.pending(user, looks);
    return {
      client: pending.client,
      open: (code, view) => trial.complete(pending, code, view),
    };
  },
  async approachAfter(trial, enrolled, code) {
    await trial.signedIn(enrolled, code);
    return LOGIN.approach(trial, enrolled);
  },
};

/** All doors of an app. */
export function doorsOf({ guarded = {}, disable }: AppConfig): Door[] {
  const calls = Object.entries(guarded).map(([name, call]) => guardedDoor(name, call, true));
  return [LOGIN, ...calls, ...(disable ? [guardedDoor("disable", disable, false)] : [])];
}

function guardedDoor(name: string, call: GuardedCall, isRepeatable: boolean): Door {
  const standAt = (client: Client): Approach => ({
    client,
    open: async (code, view = client) => booleanOf(name, await call(view, code)),
  });
  return {
    name,
    // One code to sign in, another one to call.
    needs: ["advance"],
    isRepeatable,
    approach: async (trial, enrolled) => standAt(await trial.signedIn(enrolled)),
    approachAfter: async (trial, enrolled, code) => standAt(await trial.signedIn(enrolled, code)),
  };
}
