// What docs/migration.md says of other libraries, tried on the libraries.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import type { ExistingEnrollment, TotpService } from "express-totp-setup";
import * as otplib from "otplib";
import { totp as asciiTotp, authenticator } from "otplib12";
import passport from "passport";
import speakeasy from "speakeasy";
import { createRig } from "../helpers/service.js";

const TotpStrategy = require("passport-totp").Strategy;

/** Between two time steps each library would say something else of "now". */
function standStill(): number {
  const now = Date.now();
  jest.useFakeTimers({
    now,
    doNotFake: ["nextTick", "setImmediate", "setTimeout", "queueMicrotask"],
  });
  return now;
}
afterEach(() => jest.useRealTimers());

async function moveIn(existing: ExistingEnrollment): Promise<TotpService> {
  const { totp } = createRig({ now: () => Date.now() });
  expect(await totp.importEnrollment("ada", existing)).toMatchObject({ ok: true });
  return totp;
}
const verify = async (totp: TotpService, code: string) => (await totp.verify("ada", code)).ok;

describe("speakeasy", () => {
  test.each(["ascii", "hex", "base32"] as const)(
    "a secret that is kept as %s",
    async (encoding) => {
      standStill();
      // Enough of them that each of its characters comes by.
      for (let i = 0; i < 50; i++) {
        const secret = String(speakeasy.generateSecret({ length: 32 })[encoding]);
        const totp = await moveIn({ secret, encoding });
        const code = speakeasy.totp({ secret, encoding });
        expect(speakeasy.totp.verify({ secret, encoding, token: code })).toBe(true);
        expect(await verify(totp, code)).toBe(true);
      }
    },
  );

  test.each([
    ["SHA256", "sha256"],
    ["SHA512", "sha512"],
  ] as const)("with %s, 8 digits and a minute", async (algorithm, theirs) => {
    standStill();
    const secret = String(speakeasy.generateSecret().base32);
    const totp = await moveIn({ secret, encoding: "base32", algorithm, digits: 8, period: 60 });
    const options = { secret, encoding: "base32", algorithm: theirs, digits: 8, step: 60 } as const;
    expect(await verify(totp, speakeasy.totp(options))).toBe(true);
  });

  test("accepts the present code alone without a window", () => {
    const secret = String(speakeasy.generateSecret().base32);
    const before = { secret, encoding: "base32", time: standStill() / 1000 - 30 } as const;
    const token = speakeasy.totp(before);
    expect(speakeasy.totp.verify({ secret, encoding: "base32", token })).toBe(false);
  });
});

describe("otplib", () => {
  test("12, authenticator: base32, of 80 bits if its own function made it", async () => {
    standStill();
    const secret = authenticator.generateSecret();
    const { totp } = createRig({ now: () => Date.now() });
    const outcome = await totp.importEnrollment("ada", { secret, encoding: "base32" });
    expect(outcome).toEqual({ ok: true, secretBits: 80 });
    expect(await verify(totp, authenticator.generate(secret))).toBe(true);
  });

  test("12, totp: ASCII, repeated up to 20 characters", async () => {
    standStill();
    const short = "my old secret";
    const totp = await moveIn({ secret: "my old secretmy old ", encoding: "ascii" });
    expect(await verify(totp, asciiTotp.generate(short))).toBe(true);
    const long = "a secret of more than twenty characters";
    const other = await moveIn({ secret: long, encoding: "ascii" });
    expect(await verify(other, asciiTotp.generate(long))).toBe(true);
  });

  test("13: base32", async () => {
    standStill();
    const secret = otplib.generateSecret();
    const totp = await moveIn({ secret, encoding: "base32" });
    expect(await verify(totp, await otplib.generate({ secret }))).toBe(true);
  });
});

describe("passport-totp", () => {
  interface Row {
    key: string;
    period: number;
    window?: number;
  }

  /** The sign-in of an app with the strategy. */
  async function useStrategy({ key, period, window }: Row, ask: (post: Ask) => Promise<void>) {
    const strategy = new TotpStrategy(
      ...(window === undefined ? [] : [{ window }]),
      (_user: unknown, done: (error: null, key: string, period: number) => void) =>
        done(null, key, period),
    );
    const app = express();
    const check = new passport.Passport().use(strategy).authenticate("totp", { session: false });
    app.post("/code", express.json(), check, (_req, res) => {
      res.sendStatus(204);
    });
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/code`;
    const headers = { "Content-Type": "application/json", Connection: "close" };
    try {
      await ask(async (code) => {
        const body = JSON.stringify({ code });
        return (await fetch(url, { method: "POST", headers, body })).status;
      });
    } finally {
      server.close();
      await once(server, "close");
    }
  }
  type Ask = (code: string) => Promise<number>;

  test.each([
    ["a random text", "vT3yR8mPq2LwZ6xKbN4d", 30],
    ["what looks like hex", "48656c6c6f21deadbeef48656c6c6f21deadbeef", 30],
    ["what looks like base32, with a period of a minute", "JBSWY3DPEHPK3PXP", 60],
  ])("a key that is %s", async (_, key, period) => {
    standStill();
    const code = speakeasy.totp({ secret: key, encoding: "ascii", step: period });
    await useStrategy({ key, period }, async (ask) => {
      expect([await ask(code), await ask(code)]).toEqual([204, 204]);
    });
    const totp = await moveIn({ secret: key, encoding: "ascii", period });
    expect([await verify(totp, code), await verify(totp, code)]).toEqual([true, false]);
  });

  test.each([
    ["without a window: six steps", undefined, 6],
    ["with a window of 0: fifty steps", 0, 50],
    ["with a window of 2: two steps", 2, 2],
  ])("%s", async (_, window, reach) => {
    const now = standStill() / 1000;
    const key = "vT3yR8mPq2LwZ6xKbN4d";
    const codeOf = (steps: number) => speakeasy.totp({ secret: key, time: now + steps * 30 });
    await useStrategy({ key, period: 30, ...(window !== undefined && { window }) }, async (ask) => {
      expect([await ask(codeOf(reach)), await ask(codeOf(-reach))]).toEqual([204, 204]);
      const far = [codeOf(reach + 1), codeOf(-reach - 1)];
      expect([await ask(String(far[0])), await ask(String(far[1]))]).toEqual([401, 401]);
    });
  });
});
