import type { Client } from "./client.js";
import type { Enrolled } from "./enrolled.js";
import type { AppConfig } from "./options.js";
import { type AppTrial, booleanOf, type ClientSetup } from "./trial.js";
import type { GuardedCall } from "./two-factor-app.js";

/** A client for which only the code is missing. */
interface Prepared {
  client: Client;
  /** Sends a code and returns whether it was accepted. `view` is passed to the functions of the options as the client. */
  submit(code: string, view?: Client): Promise<boolean>;
}

/** An operation that requires a code: the sign-in, a guarded call, or turning two-factor off. */
export interface Operation {
  name: string;
  needs: readonly (keyof AppConfig)[];
  /** Whether it can succeed several times for one user. Two-factor can only be turned off once. */
  isRepeatable: boolean;
  /** Prepares a client. `setup` applies to a client that will sign in; for other operations it is already signed in. */
  prepare(trial: AppTrial, enrolled: Enrolled, setup?: ClientSetup): Promise<Prepared>;
  /** Prepares a client after a login with the code. */
  prepareAfter(trial: AppTrial, enrolled: Enrolled, code: string): Promise<Prepared>;
}

const SIGN_IN: Operation = {
  name: "sign-in",
  needs: [],
  isRepeatable: true,
  async prepare(trial, { user }, setup) {
    const pending = await trial.pending(user, setup);
    return {
      client: pending.client,
      submit: (code, view) => trial.complete(pending, code, view),
    };
  },
  async prepareAfter(trial, enrolled, code) {
    await trial.signedIn(enrolled, code);
    return SIGN_IN.prepare(trial, enrolled);
  },
};

/** Returns all operations of an app, the sign-in first. */
export function operationsOf({ guarded = {}, disable }: AppConfig): [Operation, ...Operation[]] {
  const calls = Object.entries(guarded).map(([name, call]) => guardedCall(name, call, true));
  return [SIGN_IN, ...calls, ...(disable ? [guardedCall("disable", disable, false)] : [])];
}

export function isGuarded({ name }: Operation): boolean {
  return name !== SIGN_IN.name;
}

function guardedCall(name: string, call: GuardedCall, isRepeatable: boolean): Operation {
  const prepared = (client: Client): Prepared => ({
    client,
    submit: async (code, view = client) => booleanOf(name, await call(view, code)),
  });
  return {
    name,
    // One code to sign in and another one for the call.
    needs: ["advance"],
    isRepeatable,
    prepare: async (trial, enrolled) => prepared(await trial.signedIn(enrolled)),
    prepareAfter: async (trial, enrolled, code) => prepared(await trial.signedIn(enrolled, code)),
  };
}
