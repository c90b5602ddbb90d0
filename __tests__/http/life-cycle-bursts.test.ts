import type { Server } from "node:http";
import { sessionFreshness } from "express-totp-setup";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { withServer } from "../helpers/servers.js";
import { codeAt, wrongCodes } from "../helpers/service.js";
import {
  createServiceApp,
  enrollDirectly,
  PATHS,
  type ServiceApp,
  send,
  sessionOf,
} from "../helpers/service-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const FRESHNESS = sessionFreshness({ maxAgeSeconds: 60, get: () => undefined, set: () => {} });
// Room for a slow machine; nothing waits for it.
const TIMEOUT = 60_000;

const GUESSES = process.env.TEST_ALL ? 500 : 100;
const REPEATS = process.env.TEST_ALL ? 200 : 50;

/** The statuses of many requests at once, and how often each came. */
async function burst(
  { app }: ServiceApp,
  count: number,
  sendOne: (server: Server, index: number) => Promise<{ status: number }>,
): Promise<Record<number, number>> {
  const answers = await withServer(app, (_, server) =>
    Promise.all(Array.from({ length: count }, (_each, index) => sendOne(server, index))),
  );
  const tally: Record<number, number> = {};
  for (const { status } of answers) tally[status] = (tally[status] ?? 0) + 1;
  return tally;
}

const countOf = ({ events }: ServiceApp, wanted: string) =>
  events.filter(({ type }) => type === wanted).length;

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  test(
    `${GUESSES} guesses at once are five that are looked at, and not one more`,
    async () => {
      const made = createServiceApp(version);
      const { secret, fresh } = await enrollDirectly(made);
      const guesses = wrongCodes(GUESSES, made.clock.time, secret);
      const session_id = sessionOf("ada");
      const tally = await burst(made, GUESSES, (server, i) =>
        send(server, PATHS.login, { body: { session_id, code: guesses[i] } }),
      );
      expect(tally).toEqual({ 401: 5, 429: GUESSES - 5 });
      expect([countOf(made, "rejected"), countOf(made, "locked")]).toEqual([5, 1]);
      expect(made.errors).toEqual([]);
      const res = await send(made.app, PATHS.login, { body: { session_id, code: fresh() } });
      expect([res.status, res.get("Retry-After")]).toEqual([429, "900"]);
    },
    TIMEOUT,
  );

  test(
    `${GUESSES} guesses at once on every path there is are five that are looked at`,
    async () => {
      const made = createServiceApp(version, { router: { freshness: FRESHNESS } });
      const { secret, fresh } = await enrollDirectly(made);
      const again = await send(made.app, PATHS.setup, { code: fresh() });
      const guesses = wrongCodes(GUESSES, made.clock.time, secret, again.body.secret);
      made.events.length = 0;
      const session_id = sessionOf("ada");
      const tally = await burst(made, GUESSES, (server, i) => {
        const code = String(guesses[i]);
        const ways = [
          () => send(server, PATHS.login, { body: { session_id, code } }),
          () => send(server, PATHS.stepUp, { body: { code } }),
          () => send(server, PATHS.setup, { code }),
          () => send(server, PATHS.delete, { code }),
          () => send(server, PATHS.regenerate, { code }),
          () => send(server, PATHS.transfer, { code }),
        ];
        return (ways[i % ways.length] as () => Promise<{ status: number }>)();
      });
      expect(tally[429]).toBe(GUESSES - 5);
      expect((tally[401] ?? 0) + (tally[403] ?? 0) + (tally[422] ?? 0)).toBe(5);
      expect([countOf(made, "rejected"), countOf(made, "locked")]).toEqual([5, 1]);
      expect((await made.totp.status("ada")).isEnabled).toBe(true);
    },
    TIMEOUT,
  );

  test(
    `of ${REPEATS} requests with one right code at once, one wins`,
    async () => {
      const made = createServiceApp(version);
      const { fresh } = await enrollDirectly(made);
      const body = { session_id: sessionOf("ada"), code: fresh() };
      const tally = await burst(made, REPEATS, (server) => send(server, PATHS.login, { body }));
      // A code that was accepted before is refused and not counted: it is no guess, but a double click.
      const { 200: won, 401: used = 0, 429: crowded = 0 } = tally;
      expect([won, used + crowded]).toEqual([1, REPEATS - 1]);
      expect([countOf(made, "verified"), countOf(made, "locked")]).toEqual([1, 0]);
    },
    TIMEOUT,
  );

  test(
    `of ${REPEATS} requests with one backup code at once, one wins`,
    async () => {
      const made = createServiceApp(version);
      const { backupCodes } = await enrollDirectly(made);
      const body = { session_id: sessionOf("ada"), code: backupCodes[0] };
      const tally = await burst(made, REPEATS, (server) => send(server, PATHS.login, { body }));
      const { 200: won, 401: used = 0, 429: crowded = 0 } = tally;
      expect([won, used + crowded, countOf(made, "locked")]).toEqual([1, REPEATS - 1, 0]);
      expect((await made.totp.status("ada")).backupCodesRemaining).toBe(2);
    },
    TIMEOUT,
  );

  test(
    `of ${REPEATS} confirmations with the right code at once, one wins, and hands out the one set of backup codes`,
    async () => {
      const made = createServiceApp(version);
      const { secret } = (await send(made.app, PATHS.setup)).body;
      const body = { code: codeAt(secret, made.clock.time) };
      const codes: string[] = [];
      const tally = await burst(made, REPEATS, async (server) => {
        const res = await send(server, PATHS.verify, { body });
        codes.push(...(res.body.backup_codes ?? []));
        return res;
      });
      // Those who come while the winner's backup codes are drawn may find a crowd.
      const { 200: won, 409: late = 0, 429: crowded = 0 } = tally;
      expect([won, late + crowded]).toEqual([1, REPEATS - 1]);
      expect([codes.length, countOf(made, "enabled")]).toEqual([3, 1]);
      expect((await made.totp.verify("ada", String(codes[0]))).ok).toBe(true);
    },
    TIMEOUT,
  );

  test(
    "many users at once do not get in each other's way",
    async () => {
      const made = createServiceApp(version);
      const { fresh } = await enrollDirectly(made);
      const eve = await enrollDirectly(made, "eve");
      const guesses = wrongCodes(101, made.clock.time, eve.secret);
      const code = fresh();
      const tally = await burst(made, 101, (server, i) => {
        const guess = { session_id: sessionOf("eve"), code: guesses[i] };
        const mine = { session_id: sessionOf("ada"), code };
        return send(server, PATHS.login, { body: i === 50 ? mine : guess });
      });
      expect(tally).toEqual({ 200: 1, 401: 5, 429: 95 });
      expect(await made.totp.status("ada")).not.toHaveProperty("lockedUntil");
    },
    TIMEOUT,
  );
});
