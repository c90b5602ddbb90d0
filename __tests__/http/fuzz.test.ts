// A few hundred of the requests that `npm run trust -- fuzz` sends many thousands of.
import { isolateWith } from "../helpers/express-versions.js";
import { type Loaded, TARGETS } from "../helpers/fuzz/apps.js";
import { serveHere } from "../helpers/fuzz/in-process.js";
import { createTally, fuzz } from "../helpers/fuzz/run.js";
import { seededRuns } from "../helpers/service-seed.js";
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

const { numRuns, seed } = seededRuns("http/fuzz", { few: 30, all: 300 });
const USERS = ["u1", "u2", "u3"];

describe.each(RELEASES)("$name", ({ loaded }) => {
  test.each(TARGETS)(
    "$kind, $identity: no request is responded to other than documented",
    async (target) => {
      const server = await serveHere(loaded, target);
      const tally = createTally();
      const failures = await Promise.all(
        USERS.map((user, i) =>
          fuzz(target, server, { user, seed: seed + i, numRuns: numRuns / USERS.length, tally }),
        ),
      );
      await server.close();
      expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
      // Enough of them got to what is tested, and past HTTP's own rules.
      expect(tally.authors.documented).toBeGreaterThanOrEqual(numRuns / 3);
    },
  );
});
