import { once } from "node:events";
import { TRUSTED } from "express-totp-setup";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { openSocket, withServer } from "../helpers/servers.js";
import { codeAt, createRig, enroll, lock, wrongCodes } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  keyOf,
  PATHS,
  type ServiceApp,
  send,
  sessionOf,
} from "../helpers/service-app.js";

const version = EXPRESS_VERSIONS[0] as ExpressVersion;
const session_id = sessionOf("ada");

/** Each way to try a code of an enabled enrollment. */
const PATHS_OF_CODES: [string, (made: ServiceApp, code: string) => Promise<number>][] = [
  [
    "login",
    async ({ app }, code) => (await send(app, PATHS.login, { body: { session_id, code } })).status,
  ],
  ["guard", async ({ app }, code) => (await send(app, PATHS.transfer, { code })).status],
  ["setup", async ({ app }, code) => (await send(app, PATHS.setup, { code })).status],
  ["regenerate", async ({ app }, code) => (await send(app, PATHS.regenerate, { code })).status],
  ["delete", async ({ app }, code) => (await send(app, PATHS.delete, { code })).status],
];

describe("CVE-2024-0227, CVE-2025-60424, CVE-2025-6015: there was no attempt limit, or it could be walked around", () => {
  /** That these ways to guess, in turns, end in a lock after five wrong codes. */
  async function expectFiveGuesses(
    made: ServiceApp,
    guess: (index: number) => Promise<unknown>,
  ): Promise<void> {
    for (let i = 0; i < 12; i++) await guess(i);
    const rejected = Array(5).fill("rejected");
    const types = made.events.map(({ type }) => type);
    expect(types).toEqual([...rejected, "locked", "refused_while_locked"]);
  }

  async function prepare() {
    const made = createServiceApp(version);
    const enrolled = await enrollDirectly(made);
    const wrong = wrongCodes(12, made.clock.time, enrolled.secret);
    return { made, ...enrolled, wrong };
  }

  test("by other addresses, agents and sessions", async () => {
    const { made, wrong } = await prepare();
    await expectFiveGuesses(made, (i) =>
      send(made.app, PATHS.login, {
        as: i % 2 ? "eve" : null,
        headers: {
          "X-Forwarded-For": `10.0.0.${i}`,
          "User-Agent": `agent ${i}`,
          Cookie: `id=${i}`,
        },
        body: { session_id, code: wrong[i] },
      }),
    );
  });

  test("by going from path to path", async () => {
    const { made, wrong } = await prepare();
    await expectFiveGuesses(made, (i) => {
      const [, tryCode] = PATHS_OF_CODES[i % PATHS_OF_CODES.length] as (typeof PATHS_OF_CODES)[0];
      return tryCode(made, String(wrong[i]));
    });
  });

  test("by backup codes and three codes in between, which are not counted", async () => {
    const { made, secret, wrong } = await prepare();
    const reasons: unknown[] = [];
    for (const [i, code] of wrong.entries()) {
      const { totp, clock } = made;
      await totp.verify("ada", `0000-0000-0000-000${(i % 10) + 1}A`.slice(0, 19));
      await totp.verify("ada", wrongCodes(3, clock.time, secret).join(" "));
      const outcome = await totp.verify("ada", code);
      reasons.push(!outcome.ok && outcome.reason);
    }
    expect(reasons).toEqual([...Array(5).fill("wrong_code"), ...Array(7).fill("locked")]);
  });

  test("by spaces in the code, which make it no other code", async () => {
    const { made, wrong } = await prepare();
    await expectFiveGuesses(made, (i) => made.totp.verify("ada", `${" ".repeat(i)}${wrong[0]}`));
  });

  test("by malformed codes, setups without a code and status calls in between", async () => {
    const { made, wrong } = await prepare();
    await expectFiveGuesses(made, async (i) => {
      await send(made.app, PATHS.login, { body: { session_id, code: "12345" } });
      await send(made.app, PATHS.setup);
      await send(made.app, PATHS.delete);
      await send(made.app, PATHS.status);
      return made.totp.verify("ada", String(wrong[i]));
    });
  });

  test("by replacing the enrollment, or turning it off and on: only unlock refills the allowance", async () => {
    const made = createServiceApp(version);
    let { secret } = await enroll(made, "ada");
    const guessAgain = async () => {
      const begun = await made.totp.beginSetup("ada", { proof: TRUSTED });
      if (!begun.ok) throw new Error(begun.reason);
      ({ secret } = begun);
      expect((await made.totp.confirm("ada", codeAt(secret, made.clock.time))).ok).toBe(true);
      made.clock.advance(30);
      const [code = ""] = wrongCodes(1, made.clock.time, secret);
      return made.totp.verify("ada", code);
    };
    for (let lock = 0; lock < 4; lock++) {
      for (const code of wrongCodes(5, made.clock.time, secret)) {
        expect(await made.totp.verify("ada", code)).toEqual({ ok: false, reason: "wrong_code" });
      }
      made.clock.advance(900);
    }
    for (let again = 0; again < 3; again++) {
      if (again > 0) await made.totp.disable("ada", { proof: TRUSTED });
      expect(await guessAgain()).toMatchObject({ reason: "locked" });
    }
    await made.totp.disable("ada", { proof: TRUSTED });
    await made.totp.unlock("ada");
    expect(await guessAgain()).toMatchObject({ reason: "wrong_code" });
  });

  test("by processes that do not know of each other", async () => {
    const { made, wrong } = await prepare();
    await expectFiveGuesses(made, (i) => {
      const other = createRig(
        { store: made.store, onEvent: (event) => made.events.push(event) },
        made.clock,
      );
      return other.totp.verify("ada", String(wrong[i]));
    });
  });

  test("by the clock skew that is told to the operator: such a code counts too", async () => {
    const { made, secret } = await prepare();
    await expectFiveGuesses(made, (i) =>
      made.totp.verify("ada", codeAt(secret, made.clock.time + (i % 2 ? 90_000 : 120_000))),
    );
  });

  test("by waiting: in a whole day there are the few guesses that the locks leave", async () => {
    const made = createServiceApp(version);
    const { secret } = await enrollDirectly(made);
    const end = made.clock.time + 86_400_000;
    let guesses = 0;
    while (made.clock.time < end && guesses < 100) {
      const [code = ""] = wrongCodes(1, made.clock.time, secret);
      const outcome = await made.totp.verify("ada", code);
      if (!outcome.ok && outcome.reason === "locked") made.clock.advance(outcome.retryAfterSeconds);
      else guesses++;
    }
    expect(guesses).toBe(22);
  });

  test("wg-easy 2775, autentico 360: by a new login, address or session for every guess", async () => {
    const resolveLoginSession = (session: string) => session.split(" ")[0];
    const made = createServiceApp(version, { router: { resolveLoginSession } });
    const { secret } = await enrollDirectly(made);
    const wrong = wrongCodes(12, made.clock.time, secret);
    await expectFiveGuesses(made, (i) =>
      send(made.app, PATHS.login, {
        as: null,
        headers: { "X-Forwarded-For": `10.0.0.${i}` },
        body: { session_id: `ada login ${i}`, code: wrong[i] },
      }),
    );
  });
});

describe("CVE-2026-9798, CVE-2026-16103: the lock was enforced on one path and forgotten on another", () => {
  test.each(PATHS_OF_CODES)("%s refuses the right code while locked", async (_, tryCode) => {
    for (const [, guess] of PATHS_OF_CODES) {
      const made = createServiceApp(version);
      const { secret, fresh } = await enrollDirectly(made);
      for (const code of wrongCodes(5, made.clock.time, secret)) {
        expect([401, 403]).toContain(await guess(made, code));
      }
      expect(await tryCode(made, fresh())).toBe(429);
      expect(await made.totp.status("ada")).toMatchObject({
        isEnabled: true,
        backupCodesRemaining: 3,
      });
    }
  });
});

describe("CVE-2026-35597: the failure counter was rolled back together with the failed login", () => {
  const failuresOf = async ({ store }: Pick<ServiceApp, "store">) =>
    JSON.parse(String(await store.get("ada"))).lockout?.wrongCodes;

  test("it is kept before the answer is given", async () => {
    const made = createServiceApp(version);
    const { secret } = await enrollDirectly(made);
    for (const [i, code] of wrongCodes(4, made.clock.time, secret).entries()) {
      expect((await send(made.app, PATHS.login, { body: { session_id, code } })).status).toBe(401);
      expect(await failuresOf(made)).toBe(i + 1);
    }
  });

  test("whatever the app's hooks throw", async () => {
    const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
    const fail = () => {
      throw new Error("roll back");
    };
    const rig = createRig({ onEvent: fail });
    const { secret } = await enroll(rig, "ada");
    for (const code of wrongCodes(3, rig.clock.time, secret)) await rig.totp.verify("ada", code);
    expect(await failuresOf(rig)).toBe(3);
    warn.mockRestore();
  });

  test("whether or not the client waits for the answer", async () => {
    const made = createServiceApp(version);
    const { secret } = await enrollDirectly(made);
    const [code = ""] = wrongCodes(1, made.clock.time, secret);
    const { compareAndSet } = made.store;
    await withServer(made.app, async (port) => {
      const body = JSON.stringify({ session_id, code });
      const head = [
        `POST ${PATHS.login} HTTP/1.1`,
        "Host: localhost",
        `X-API-Key: ${keyOf("ada")}`,
        "Content-Type: application/json",
        `Content-Length: ${body.length}`,
      ].join("\r\n");
      const counted = new Promise<void>((resolve) => {
        made.store.compareAndSet = async (...args) => {
          socket.destroy();
          await once(socket, "close");
          const won = await compareAndSet(...args);
          resolve();
          return won;
        };
      });
      const socket = await openSocket(port, `${head}\r\n\r\n${body}`);
      await counted;
    });
    expect(await failuresOf(made)).toBe(1);
  });

  test("no wrong code is answered that was not counted", async () => {
    const made = createServiceApp(version);
    const { secret } = await enrollDirectly(made);
    const [code = ""] = wrongCodes(1, made.clock.time, secret);
    made.store.compareAndSet = () => Promise.reject(new Error("the database is down"));
    const res = await send(made.app, PATHS.login, { body: { session_id, code } });
    expect(res.status).toBe(500);
    expect(made.events).toEqual([]);
  });
});

describe("allauth before 65.8: one success cleared the failures of everybody behind that address", () => {
  test("a user's success clears that user's own", async () => {
    const made = createServiceApp(version);
    const ada = await enrollDirectly(made);
    const eve = await enrollDirectly(made, "eve");
    const headers = { "X-Forwarded-For": "192.0.2.1" };
    const guesses = wrongCodes(5, made.clock.time, ada.secret);
    for (const [i, code] of guesses.entries()) {
      if (i === 4) {
        const body = { session_id: sessionOf("eve"), code: eve.fresh() };
        expect((await send(made.app, PATHS.login, { headers, body })).status).toBe(200);
      }
      await send(made.app, PATHS.login, { headers, body: { session_id, code } });
    }
    const res = await send(made.app, PATHS.login, {
      headers,
      body: { session_id, code: ada.fresh() },
    });
    expect(res.status).toBe(429);
  });

  test("nor does one user's lock lock another out", async () => {
    const rig = createRig();
    const ada = await enroll(rig, "ada");
    const eve = await enroll(rig, "eve");
    await lock(rig, "eve", eve.secret);
    expect((await rig.totp.verify("ada", codeAt(ada.secret, rig.clock.time))).ok).toBe(true);
  });

  test("nor does turning it off and on, or unlocking another", async () => {
    const rig = createRig();
    const ada = await enroll(rig, "ada");
    await enroll(rig, "eve");
    await lock(rig, "ada", ada.secret);
    await rig.totp.disable("eve", { proof: TRUSTED });
    await rig.totp.unlock("eve");
    await enroll(rig, "eve");
    const code = codeAt(ada.secret, rig.clock.time);
    expect(await rig.totp.verify("ada", code)).toMatchObject({ reason: "locked" });
  });
});
