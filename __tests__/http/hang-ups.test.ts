import { once } from "node:events";
import type { Request, Response } from "express";
import { createDeferred, settle } from "../helpers/deferred.js";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { exchange, openSocket, post, withServer } from "../helpers/servers.js";
import { API_KEY, createSetupApp, SETUP_PATH } from "../helpers/setup-app.js";
import { watchTimers } from "../helpers/timers.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const SETUP = post(SETUP_PATH, [`X-API-Key: ${API_KEY}`]);

describe.each(EXPRESS_VERSIONS)("$name: the client hangs up", (version) => {
  /** Hangs up while `callback` has not answered, and lets it answer only then. */
  async function hangUpDuring(callback: string, outcome: "resolves" | "rejects", value?: unknown) {
    const asked = createDeferred<Response>();
    const answer = createDeferred<unknown>();
    const setup = createSetupApp(version, {
      authenticate: (_: string, req: Request) => {
        if (callback === "authenticate") asked.resolve(req.res as Response);
        return callback === "authenticate" ? answer.promise : { id: "ada", req };
      },
      ...(callback === "accountName" && {
        accountName: ({ req }: { req: Request }) => {
          asked.resolve(req.res as Response);
          return answer.promise;
        },
      }),
      ...(callback === "savePendingSecret" && {
        savePendingSecret: (userId: unknown, secret: string, details: never, req: Request) => {
          setup.saved.push({ userId, secret, details });
          asked.resolve(req.res as Response);
          return answer.promise;
        },
      }),
      timeoutMs: 3_600_000,
    });
    const timers = watchTimers(3_600_000);
    await withServer(setup.app, async (port) => {
      const socket = await openSocket(port, SETUP);
      const res = await asked.promise;
      socket.destroy();
      await once(res, "close");
      if (outcome === "resolves") answer.resolve(value);
      else answer.reject(new Error("down"));
      await settle();
      // The next client is served as ever.
      const next = await exchange(port, post(SETUP_PATH));
      expect(next.status).toBe(401);
    });
    expect(timers.started()).toBeGreaterThan(0);
    expect(timers.running()).toBe(0);
    timers.stopWatching();
    return setup;
  }

  test.each(["authenticate", "accountName"])(
    "before %s has answered: nothing is saved, and there is nothing to report",
    async (callback) => {
      const { saved, errors, escaped, events } = await hangUpDuring(callback, "resolves", "ada");
      expect({ saved, errors, escaped }).toEqual({ saved: [], errors: [], escaped: [] });
      expect(events.map(({ type }) => type)).toEqual(["unauthenticated"]);
    },
  );

  test("before a failure: it is reported, and nothing crashes", async () => {
    const { saved, errors, escaped } = await hangUpDuring("authenticate", "rejects");
    expect({ saved, errors, escaped }).toEqual({
      saved: [],
      errors: [new Error("down")],
      escaped: [],
    });
  });

  test("before the store has answered: what it does is done, and nothing crashes", async () => {
    const { saved, errors, escaped } = await hangUpDuring("savePendingSecret", "resolves");
    expect(saved).toHaveLength(1);
    expect({ errors, escaped }).toEqual({ errors: [], escaped: [] });
  });

  test("before the store has failed: the failure is reported, and nothing crashes", async () => {
    const { errors, escaped } = await hangUpDuring("savePendingSecret", "rejects");
    expect({ errors, escaped }).toEqual({ errors: [new Error("down")], escaped: [] });
  });

  test("in the middle of its headers or its body", async () => {
    const { app, errors, escaped } = createSetupApp(version);
    await withServer(app, async (port) => {
      const half = await openSocket(port, SETUP.slice(0, 40));
      half.destroy();
      const body = await openSocket(
        port,
        post(SETUP_PATH, [`X-API-Key: ${API_KEY}`, "Content-Length: 9"]),
      );
      body.destroy();
      await Promise.all([half, body].map((socket) => socket.closed || once(socket, "close")));
      expect((await exchange(port, SETUP)).status).toBe(200);
    });
    expect({ errors, escaped }).toEqual({ errors: [], escaped: [] });
  });

  test("fifty at once, and the server still closes", async () => {
    const asked: Response[] = [];
    const all = createDeferred();
    const answer = createDeferred<string>();
    const { app, saved } = createSetupApp(version, {
      authenticate: (_: string, req: Request) => {
        asked.push(req.res as Response);
        if (asked.length === 50) all.resolve();
        return answer.promise;
      },
    });
    await withServer(app, async (port) => {
      const sockets = await Promise.all(Array.from({ length: 50 }, () => openSocket(port, SETUP)));
      await all.promise;
      for (const socket of sockets) socket.destroy();
      await Promise.all(asked.map((res) => res.closed || once(res, "close")));
      answer.resolve("ada");
      await settle();
    });
    expect(saved).toEqual([]);
  });
});
