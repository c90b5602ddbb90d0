// The attack kit with apps that use express-session and respond to the password as in docs/login.md.
import { testTwoFactorApp } from "express-totp-setup/testing";
import { createSessionApp, type SessionAppOptions } from "../helpers/session-app.js";
import { failuresInOrder, recordTests } from "./recording-runner.js";

type Options = ReturnType<typeof createSessionApp>;

function attack(app: SessionAppOptions, change: Partial<Options> = {}) {
  const options = { ...createSessionApp(app), ...change };
  return failuresInOrder(recordTests((runner) => testTwoFactorApp(runner, options)).checks);
}

const FIXATION = "sign-in: the session id changes when the code is accepted";
const SECOND_STEPS = ["library", "hand-written", "in the session"] as const;

describe.each(SECOND_STEPS)("second step: %s", (secondStep) => {
  test("a correct app passes", async () => {
    expect(await attack({ secondStep })).toEqual({});
  });

  test("a correct app passes if its client sends back the whole login response", async () => {
    const path = secondStep === "library" ? "/auth/v1/verify-totp" : "/login-code";
    const failures = await attack(
      { secondStep },
      {
        sendCode: (client, code, login) =>
          client.send(`POST ${path}`, { json: { ...login, code } }),
      },
    );
    expect(failures).toEqual({});
  });

  test.each([true, false])(
    "finds that the session id is kept, with saveUninitialized: %s",
    async (saveUninitialized) => {
      const signsIn = "with the same id";
      const failures = await attack({ secondStep, saveUninitialized, signsIn });
      expect(Object.keys(failures)).toEqual([FIXATION]);
      expect(failures[FIXATION]).toMatch(/req\.session\.regenerate/);
    },
  );

  test("a correct app passes with a session for every visitor", async () => {
    expect(await attack({ secondStep, saveUninitialized: true })).toEqual({});
  });

  test("a correct app passes if it redirects signed-in users from the login", async () => {
    expect(await attack({ secondStep, refusesSecondSignIn: true })).toEqual({});
  });
});
