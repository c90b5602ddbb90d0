import type { Express } from "express";
import type { TotpStore } from "express-totp-setup";
import type { User } from "../../examples/login/users.js";
import { cheapScrypt } from "./cheap-scrypt.js";
import { TestClock } from "./service.js";

/** The examples of signing in, loaded with one Express, and their users. */
export interface LoginExamples {
  createPassportApp(store?: TotpStore): Express;
  createJwtApp(store?: TotpStore): Express;
  addUser(email: string, password: string): Promise<User>;
}

export function loadLoginExamples(express: "express" | "express4"): LoginExamples {
  let examples: LoginExamples | undefined;
  jest.isolateModules(() => {
    jest.doMock("express", () => jest.requireActual(express));
    jest.doMock("node:crypto", () => {
      const crypto = jest.requireActual("node:crypto");
      return { ...crypto, scrypt: cheapScrypt(crypto.scrypt) };
    });
    examples = {
      createPassportApp: require("../../examples/login/passport/app.js").createApp,
      createJwtApp: require("../../examples/login/jwt/app.js").createApp,
      addUser: require("../../examples/login/users.js").addUser,
    };
  });
  jest.dontMock("express");
  jest.dontMock("node:crypto");
  return examples as LoginExamples;
}

/** A store whose database is away. */
export const brokenStore: TotpStore = {
  get: () => Promise.reject(new Error("no database")),
  compareAndSet: () => Promise.reject(new Error("no database")),
};

/** Stops the clock of the whole process until `restoreMocks`; timers run on. */
export function stopClock(): TestClock {
  const clock = new TestClock();
  jest.spyOn(Date, "now").mockImplementation(clock.now);
  return clock;
}
