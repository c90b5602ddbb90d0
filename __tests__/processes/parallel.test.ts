// Several processes behind one store, all at once: what a lock or a Map within one process cannot give.
import { randomUUID } from "node:crypto";
import { describeEngine, mariadb, postgres, redis } from "../helpers/engines/index.js";
import type { Question } from "../helpers/fleet/ask.js";
import { AT_ONCE, crowd } from "../helpers/fleet/crowd.js";
import { codeNow, enrollAll, type Member, wrongCodesNow } from "../helpers/fleet/enrolled.js";
import { Fleet } from "../helpers/fleet/fleet.js";
import type { EngineName } from "../helpers/fleet/open-store.js";
import * as questions from "../helpers/fleet/questions.js";
import { sqliteFile } from "../helpers/fleet/sqlite-file.js";
import { codeAt, secretNo, threeCodes } from "../helpers/service.js";

/** Users of a crowd; PARALLEL_USERS sets any other number. */
const USERS = Number(process.env.PARALLEL_USERS ?? (process.env.TEST_ALL ? 100 : 20));
const FEWER = Math.ceil(USERS / 10);
/** How often codes are sent to be accepted twice, on each engine. RACING_ATTEMPTS sets any other number. */
const ATTEMPTS = Number(process.env.RACING_ATTEMPTS ?? (process.env.TEST_ALL ? 2400 : 960));
const ROUNDS = Math.ceil(ATTEMPTS / (USERS * AT_ONCE));
/** Those that come after the first are used codes, which are not counted. */
const ACCEPTED_ONCE = { 200: 1, 401: AT_ONCE - 1 };
/** Wrong codes in a row that lock. */
const LIMIT = 5;
/** Wrong codes that drop a setup. */
const SETUP_LIMIT = 10;
/** No code is right before and after it. */
const THREE_STEPS = 90;
/** Longer than a lock. */
const HALF_AN_HOUR = 1800;
const PATIENCE_MS = 240_000;

for (const kind of [postgres, mariadb, redis, sqliteFile]) {
  describeEngine(kind, `four processes behind one ${kind.name}`, (engine) => {
    let fleet: Fleet;
    beforeAll(async () => {
      const engineName = kind.name as EngineName;
      fleet = await Fleet.start({ engine: engineName, url: engine().url, encrypted: true });
    }, PATIENCE_MS);
    afterAll(() => fleet?.stop(), PATIENCE_MS);
    testProcesses(kind.name, () => fleet);
  });
}

function testProcesses(name: string, fleet: () => Fleet): void {
  let members: Member[] = [];
  let accepted = 0;
  let began = 0;

  beforeAll(() => {
    began = performance.now();
  });

  afterAll(() => {
    if (!fleet()) return;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const counts = `${fleet().asked} requests, ${accepted} codes accepted`;
    process.stdout.write(`${name}, four processes: ${counts}, ${seconds} s\n`);
  });

  /** What is answered to a crowd, each of whose members has as many requests at once. */
  async function send<M>(of: readonly M[], question: (member: M, index: number) => Question) {
    const tallies = await crowd(fleet(), of, question);
    for (const { 200: count = 0 } of tallies) accepted += count;
    return tallies;
  }

  /** Each of whom guesses something else with every request. */
  function guess<M extends { secret: string }>(
    of: readonly M[],
    question: (member: M, code: string, index: number) => Question,
  ) {
    const codes = new Map(of.map((each) => [each, wrongCodesNow(fleet(), each, AT_ONCE)]));
    return send(of, (each, index) => question(each, codes.get(each)?.[index] ?? "", index));
  }

  const sendCodes = (of: readonly Member[]) =>
    send(of, (member) => questions.login(member.user, codeNow(fleet(), member)));

  test(
    "what begins on one is confirmed on another",
    async () => {
      members = await enrollAll(fleet(), USERS);
      accepted += members.length;
    },
    PATIENCE_MS,
  );

  test(
    "a code that is sent to all at once is accepted once",
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await fleet().advance(THREE_STEPS);
        expect(await sendCodes(members)).toEqual(Array(USERS).fill(ACCEPTED_ONCE));
      }
    },
    PATIENCE_MS + ATTEMPTS * 10,
  );

  test(
    "so is a backup code, and so are three codes",
    async () => {
      await fleet().advance(THREE_STEPS);
      const some = members.slice(0, FEWER);
      const byBackupCode = await send(some, ({ user, backupCodes: [code = ""] }) =>
        questions.login(user, code),
      );
      expect(byBackupCode).toEqual(Array(FEWER).fill(ACCEPTED_ONCE));
      const byThree = await send(some, ({ user, secret }) =>
        questions.login(user, threeCodes(secret, fleet().now)),
      );
      expect(byThree).toEqual(Array(FEWER).fill(ACCEPTED_ONCE));
    },
    PATIENCE_MS,
  );

  test(
    "wrong codes lock after five, whatever way they come",
    async () => {
      await fleet().advance(HALF_AN_HOUR);
      const { login, transfer, setup, remove } = questions;
      const ways = [login, transfer, setup, remove, questions.regenerate];
      const tallies = await guess(members, ({ user }, code, index) =>
        (ways[index % ways.length] ?? login)(user, code),
      );
      for (const { 401: atLogin = 0, 403: elsewhere = 0, ...others } of tallies) {
        expect(atLogin + elsewhere).toBe(LIMIT);
        expect(others).toEqual({ 429: AT_ONCE - LIMIT });
      }
    },
    PATIENCE_MS,
  );

  test(
    "while there is a lock none of them takes a right code, and afterwards one does",
    async () => {
      const some = members.slice(0, FEWER);
      expect(await sendCodes(some)).toEqual(Array(FEWER).fill({ 429: AT_ONCE }));
      await fleet().advance(HALF_AN_HOUR);
      expect(await sendCodes(some)).toEqual(Array(FEWER).fill(ACCEPTED_ONCE));
    },
    PATIENCE_MS,
  );

  test(
    "guesses at a confirmation drop the setup after ten",
    async () => {
      const users = Array.from({ length: FEWER }, () => randomUUID());
      const begun = await Promise.all(users.map((user) => fleet().ask(0, questions.setup(user))));
      const pending = users.map((user, i) => ({ user, secret: String(begun[i]?.body.secret) }));
      const tallies = await guess(pending, ({ user }, code) => questions.confirm(user, code));
      // The tenth drops it, and says so.
      const dropped = { 422: SETUP_LIMIT - 1, 409: AT_ONCE - SETUP_LIMIT + 1 };
      expect(tallies).toEqual(Array(FEWER).fill(dropped));
    },
    PATIENCE_MS,
  );

  test(
    "unlocking between guesses lets no code in twice, and forgives no guess to come",
    async () => {
      await fleet().advance(HALF_AN_HOUR);
      const some = members.slice(0, FEWER);
      const UNLOCKS = 4;
      const tallies = await guess(some, (member, code, index) => {
        if (index % (AT_ONCE / UNLOCKS) === 0) return questions.unlock(member.user);
        const isRight = index % 3 === 1;
        return questions.transfer(member.user, isRight ? codeNow(fleet(), member) : code);
      });
      for (const { 200: passed = 0, 403: refused = 0, 429: locked = 0 } of tallies) {
        expect(passed + refused + locked).toBe(AT_ONCE);
        expect(passed).toBeGreaterThanOrEqual(UNLOCKS);
        expect(passed).toBeLessThanOrEqual(UNLOCKS + 1);
      }
      for (const { user } of some) await fleet().ask(0, questions.unlock(user));
      const again = await guess(some, ({ user }, code) => questions.login(user, code));
      expect(again).toEqual(Array(FEWER).fill({ 401: LIMIT, 429: AT_ONCE - LIMIT }));
    },
    PATIENCE_MS,
  );

  test(
    "of imports of one user, one wins, and its secret is the one that counts",
    async () => {
      const users = Array.from({ length: FEWER }, () => randomUUID());
      const secrets = Array.from({ length: AT_ONCE }, (_, i) => secretNo(i));
      for (const user of users) {
        const answers = await fleet().askAll(AT_ONCE, (i) =>
          questions.importSecret(user, String(secrets[i])),
        );
        const winners = secrets.filter((_, i) => answers[i]?.status === 200);
        expect(winners).toHaveLength(1);
        expect(answers.filter(({ body }) => body.reason === "already_enabled")).toHaveLength(
          AT_ONCE - 1,
        );
        const [secret = ""] = winners;
        const { status } = await fleet().ask(1, questions.login(user, codeAt(secret, fleet().now)));
        expect(status).toBe(200);
      }
    },
    PATIENCE_MS,
  );

  test(
    "re-encrypting under two keys at once loses nothing, and brings no code back",
    async () => {
      await fleet().advance(HALF_AN_HOUR);
      const some = members.slice(-FEWER);
      const tallies = await send(some, (member, index) =>
        index % 2
          ? questions.login(member.user, codeNow(fleet(), member))
          : questions.reencrypt(member.user),
      );
      for (const { 200: ok = 0, 401: used = 0, 429: busy = 0 } of tallies) {
        expect(ok + used + busy).toBe(AT_ONCE);
        expect(used + busy).toBeGreaterThanOrEqual(AT_ONCE / 2 - 1);
      }
      expect(await sendCodes(some)).toEqual(Array(FEWER).fill({ 401: AT_ONCE }));
      await fleet().advance(THREE_STEPS);
      expect(await sendCodes(some)).toEqual(Array(FEWER).fill(ACCEPTED_ONCE));
      for (const { user } of some) {
        const { body } = await fleet().ask(2, questions.status(user));
        expect(body).toMatchObject({ is_setup: true, backup_codes_remaining: 2 });
      }
    },
    PATIENCE_MS,
  );

  test(
    "after a reset nothing is left, whatever came at the same time",
    async () => {
      await fleet().advance(THREE_STEPS);
      const some = members.slice(-FEWER);
      const tallies = await send(some, (member, index) =>
        index % 2
          ? questions.login(member.user, codeNow(fleet(), member))
          : questions.reset(member.user),
      );
      for (const { 200: ok = 0 } of tallies) expect(ok).toBeLessThanOrEqual(AT_ONCE / 2 + 1);
      for (const { user } of some) {
        const { body } = await fleet().ask(2, questions.status(user));
        expect(body).toEqual({ is_setup: false, backup_codes_remaining: 0 });
      }
    },
    PATIENCE_MS,
  );

  test("no process has ended by itself", () => {
    expect(fleet().crashes).toEqual([]);
  });
}
