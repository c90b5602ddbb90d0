import type { Request } from "express";
import type { Fault } from "./app.js";

/** What a callback, the store or the clock does in the place of its work. */
export interface NamedFault {
  name: string;
  fault: Fault;
}

const CALLBACKS = [
  "store.get",
  "store.compareAndSet",
  "authenticate",
  "getUser",
  "authorizeSetup",
  "mustEnroll",
  "savePendingSecret",
  "qrCode",
  "issuer",
  "accountName",
  "issueTokens",
  "getCode",
  "whenNotEnabled",
  "freshness.get",
  "freshness.set",
  "eventContext",
  "getLoginSession",
  "findUser",
  "onLogin",
  "onEnabled",
  "onDisabled",
  "texts",
  "now",
  "onEvent",
];

/** All texts in what a callback was called with, those of a request included. */
function textsIn(known: unknown): string[] {
  if (typeof known === "string") return [known];
  if (typeof known !== "object" || known === null) return [];
  if ("headers" in known && "method" in known) {
    const { headers, body, session } = known as Request & { session?: unknown };
    return [headers["x-api-key"], headers["x-totp-code"], headers.cookie, body, session].flatMap(
      textsIn,
    );
  }
  return Object.values(known).flatMap(textsIn);
}

/** An error of a database or of the app, with everything in it that it could know. */
function errorOf(name: string, known: readonly unknown[]): Error {
  const texts = known.flatMap(textsIn);
  const error = new Error(`${name} failed for ${texts.map((text) => `'${text}'`).join(", ")}`);
  return Object.assign(error, { parameters: texts, cause: new Error(texts.join()) });
}

const on =
  (callback: string, act: (known: unknown[]) => unknown): Fault =>
  (name, ...known) =>
    name === callback ? act(known) : undefined;

/** What is called synchronously: nobody waits for a promise of it. */
const SYNCHRONOUS = ["freshness.get", "texts", "now"];

/** Errors with secrets inside, which the default log must not show. */
export const THROWN: readonly NamedFault[] = CALLBACKS.flatMap((name) => {
  const fail = (known: readonly unknown[]) => {
    throw errorOf(name, known);
  };
  const throws = { name: `${name} throws`, fault: on(name, fail) };
  const rejects = { name: `${name} rejects`, fault: on(name, async (known) => fail(known)) };
  return SYNCHRONOUS.includes(name) ? [throws] : [throws, rejects];
});

/** What the app gives as context is the app's own affair, and so is what its hooks return. */
const WITH_A_RESULT = CALLBACKS.filter((name) => !/^(eventContext|onE|onDisabled)/.test(name));

/** Values with secrets inside that the library cannot use, for the errors that are its own. */
export const RETURNED: readonly NamedFault[] = WITH_A_RESULT.flatMap((name) =>
  Object.entries({
    "the texts in an array": (texts: string[]) => texts,
    "the texts in an object": (texts: string[]) => ({ id: { texts }, secret: texts[0] }),
    "a text with a line break": (texts: string[]) => `${texts.join(" ")}\n`,
    "a cut text": (texts: string[]) => texts[0]?.slice(0, -3) || undefined,
    "a number": (texts: string[]) => texts.map(Number).find((each) => each > 0) ?? 1,
    "an error": (texts: string[]) => new Error(texts.join()),
    "a function": (texts: string[]) => () => texts,
    "a promise that hangs": () => new Promise(() => {}),
  }).map(([what, make]) => ({
    name: `${name} returns ${what}`,
    fault: on(name, (known) => make(known.flatMap(textsIn))),
  })),
);
