import type { Client } from "./client.js";
import type { Enrolled } from "./enrolled.js";
import type { AppConfig } from "./options.js";
import { type AppTrial, booleanOf, type ClientSetup } from "./trial.js";
import type { ChangingCall, GuardedCall } from "./two-factor-app.js";

/** A client for which only the code is missing. */
interface Prepared {
  client: Client;
  /** Sends a code and returns whether it was accepted. `view` is passed to the functions of the options as the client. */
  submit(code: string, view?: Client): Promise<boolean>;
}

/** An operation that requires a code: the sign-in, a guarded call, a step-up, or turning two-factor off. */
export interface Operation {
  name: string;
  /** The function of the options that sends the code. */
  sentBy: string;
  needs: readonly (keyof AppConfig)[];
  /**
   * Whether every success requires another code, even for one client. After a step-up, the next call requires none, and
   * two-factor can only be turned off once.
   */
  isRepeatable: boolean;
  /** Prepares a client. `setup` applies to a client that will sign in; for other operations it is already signed in. */
  prepare(trial: AppTrial, enrolled: Enrolled, setup?: ClientSetup): Promise<Prepared>;
  /** Prepares a client. Its user's last code, which `nextCode` returns, is that of a login just now. */
  prepareAfter(
    trial: AppTrial,
    enrolled: Enrolled,
    nextCode: () => Promise<string>,
  ): Promise<Prepared>;
}

const SIGN_IN: Operation = {
  name: "sign-in",
  sentBy: "sendCode",
  needs: [],
  isRepeatable: true,
  async prepare(trial, { user }, setup) {
    const pending = await trial.pending(user, setup);
    return {
      client: pending.client,
      submit: (code, view) => trial.complete(pending, code, view),
    };
  },
  async prepareAfter(trial, enrolled, nextCode) {
    await trial.signedIn(enrolled, await nextCode());
    return SIGN_IN.prepare(trial, enrolled);
  },
};

/** Returns all operations of an app, the sign-in first. */
export function operationsOf(config: AppConfig): [Operation, ...Operation[]] {
  const { guarded = {}, fresh = {}, disable } = config;
  return [
    SIGN_IN,
    ...Object.entries(guarded).map(([name, call]) => guardedCall(name, call, true)),
    ...Object.entries(fresh).map(([name, call]) => freshCall(name, call)),
    ...(disable ? [guardedCall("disable", disable, false)] : []),
  ];
}

export function isStepUp({ sentBy }: Operation): boolean {
  return sentBy === STEP_UP;
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
    sentBy: name,
    // One code to sign in and another one for the call.
    needs: ["advance"],
    isRepeatable,
    prepare: async (trial, enrolled) => prepared(await trial.signedIn(enrolled)),
    prepareAfter: async (trial, enrolled, nextCode) =>
      prepared(await trial.signedIn(enrolled, await nextCode())),
  };
}

const STEP_UP = "stepUp";

/** A step-up, with a call that requires it as the proof that it succeeded. */
function freshCall(name: string, call: ChangingCall): Operation {
  async function prepare(trial: AppTrial, enrolled: Enrolled): Promise<Prepared> {
    const client = await trial.signedIn(enrolled);
    await trial.waitUntilStale();
    return {
      client,
      async submit(code, view = client) {
        await trial.config.stepUp?.(view, code);
        return booleanOf(name, await call(client));
      },
    };
  }
  return {
    name,
    sentBy: STEP_UP,
    needs: ["advance", STEP_UP],
    isRepeatable: false,
    prepare,
    async prepareAfter(trial, enrolled, nextCode) {
      const prepared = await prepare(trial, enrolled);
      await trial.signedIn(enrolled, await nextCode());
      return prepared;
    },
  };
}
