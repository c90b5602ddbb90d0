// Some of what `npm run trust -- leaks` looks at: whatever fails, no secret is where it is not meant to be.

import { isolateWith } from "../helpers/express-versions.js";
import type { Loaded } from "../helpers/fuzz/apps.js";
import { RETURNED, THROWN } from "../helpers/leaks/faults.js";
import { findLeaks, NOTHING_FAILS } from "../helpers/leaks/run.js";
import { Watch } from "../helpers/leaks/watch.js";
import { secretNo } from "../helpers/service.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const RELEASES = (["express", "express4"] as const).map((name) => {
  const loaded = {} as Loaded;
  isolateWith(name, () => {
    loaded.express = require("express");
    loaded.lib = require("../../lib/index.js");
    loaded.pages = require("../../lib/pages/index.js");
  });
  return { name, loaded };
});

/** Others on each release of Express. */
const some = <T>(list: readonly T[], count: number, release: number) => {
  const step = Math.ceil(list.length / count);
  return list.filter((_, i) => i % step === release);
};

describe.each(RELEASES)("$name", ({ name, loaded }) => {
  const release = RELEASES.findIndex((each) => each.name === name);

  test("the default log, responses and events, if errors quote all that a callback knows", async () => {
    const faults = [NOTHING_FAILS, ...some(THROWN, 5, release)];
    const { leaks, secrets, texts } = await findLeaks(loaded, "log", faults);
    expect(leaks).toEqual([]);
    expect(secrets).toBeGreaterThan(40 * faults.length);
    expect(texts).toBeGreaterThan(100 * faults.length);
  });

  test("the library's own errors, if callbacks return secrets in the wrong place", async () => {
    const faults = [NOTHING_FAILS, ...some(RETURNED, 5, release)];
    const { leaks } = await findLeaks(loaded, "hooks", faults);
    expect(leaks).toEqual([]);
  });
});

describe("a secret is found however it is written", () => {
  const secret = secretNo(1);
  const bytes = Buffer.from(secret);

  test.each<[string, (watch: Watch) => void]>([
    ["in a text", (watch) => watch.see("log", `row ${secret} refused`)],
    ["in groups", (watch) => watch.see("log", secret.replace(/.{4}/g, "$& "))],
    ["in lower case", (watch) => watch.see("log", secret.toLowerCase())],
    ["as hex", (watch) => watch.see("log", bytes.toString("hex"))],
    ["as base64", (watch) => watch.see("log", bytes.toString("base64"))],
    ["as bytes that are printed", (watch) => watch.look("log", { bytes: new Uint8Array(bytes) })],
    ["as a Buffer in JSON", (watch) => watch.see("log", JSON.stringify(bytes))],
    [
      "in a hidden field",
      (watch) => watch.look("log", Object.defineProperty({}, "a", { value: secret })),
    ],
    [
      "in the cause of an error",
      (watch) => watch.look("log", new Error("a", { cause: new Error(secret) })),
    ],
    ["in a map", (watch) => watch.look("log", new Map([["a", { secret }]]))],
  ])("%s", (_, show) => {
    const watch = new Watch();
    watch.add("secret", "secret", secret);
    show(watch);
    expect(watch.leaks()).not.toEqual([]);
  });

  test("but a code only as a whole number, and not where it is meant to be", () => {
    const watch = new Watch();
    watch.add("code", "code", "123456");
    watch.see("log", "at 1234567, or 0123456");
    watch.see("response", "the code is 123456", ["123456"]);
    expect(watch.leaks()).toEqual([]);
    watch.see("log", "code=123456.");
    expect(watch.leaks()).toEqual(["log: code as digits"]);
  });
});
