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

/** Users of a crowd; PARALLEL_USERS sets any other number. */
const USERS = Number(process.env.PARALLEL_USERS ?? (process.env.TEST_ALL ? 100 : 20));
/** A try of a backup code costs a hash, so there are fewer of them. */
const FEWER = Math.ceil(USERS / 10);
const BUDGET = 5;
/** A used code is a wrong one: those that come after it spend the budget, and then lock. */
const ACCEPTED_ONCE = { 200: 1, 401: BUDGET, 429: AT_ONCE - 1 - BUDGET };
/** Longer than the first lock. */
const HALF_AN_HOUR = 1800;
const PATIENCE_MS = 240_000;

for (const kind of [postgres, mariadb, redis, sqliteFile]) {
  describeEngine(kind, `three processes behind one ${kind.name}`, (engine) => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await Fleet.start({ engine: kind.name as EngineName, url: engine().url });
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
    process.stdout.write(`${name}, three processes: ${counts}, ${seconds} s\n`);
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
      for (let round = 0; round < 2; round++) {
        await fleet().advance(HALF_AN_HOUR);
        expect(await sendCodes(members)).toEqual(Array(USERS).fill(ACCEPTED_ONCE));
      }
    },
    PATIENCE_MS,
  );

  test(
    "so is a backup code",
    async () => {
      await fleet().advance(HALF_AN_HOUR);
      const some = members.slice(0, FEWER);
      const tallies = await send(some, ({ user, backupCodes: [code = ""] }) =>
        questions.login(user, code),
      );
      expect(tallies).toEqual(Array(FEWER).fill(ACCEPTED_ONCE));
    },
    PATIENCE_MS,
  );

  test(
    "wrong codes spend the budget exactly, whatever way they come",
    async () => {
      await fleet().advance(HALF_AN_HOUR);
      const { login, transfer, setup, remove } = questions;
      const ways = [login, transfer, setup, remove, questions.regenerate];
      const tallies = await guess(members, ({ user }, code, index) =>
        (ways[index % ways.length] ?? login)(user, code),
      );
      for (const { 401: atLogin = 0, 403: elsewhere = 0, ...others } of tallies) {
        expect(atLogin + elsewhere).toBe(BUDGET);
        expect(others).toEqual({ 429: AT_ONCE - BUDGET });
      }
    },
    PATIENCE_MS,
  );

  test(
    "while it is spent none of them takes a right code, and afterwards one does",
    async () => {
      const some = members.slice(0, FEWER);
      expect(await sendCodes(some)).toEqual(Array(FEWER).fill({ 429: AT_ONCE }));
      // It was their second lock in a row, twice as long as the first one.
      await fleet().advance(2 * HALF_AN_HOUR);
      expect(await sendCodes(some)).toEqual(Array(FEWER).fill(ACCEPTED_ONCE));
    },
    PATIENCE_MS,
  );

  test(
    "guesses at a confirmation spend the same budget",
    async () => {
      const users = Array.from({ length: FEWER }, () => randomUUID());
      const begun = await Promise.all(users.map((user) => fleet().ask(0, questions.setup(user))));
      const pending = users.map((user, i) => ({ user, secret: String(begun[i]?.body.secret) }));
      const tallies = await guess(pending, ({ user }, code) => questions.confirm(user, code));
      expect(tallies).toEqual(Array(FEWER).fill({ 422: BUDGET, 429: AT_ONCE - BUDGET }));
    },
    PATIENCE_MS,
  );

  test("no process has ended by itself", () => {
    expect(fleet().crashes).toEqual([]);
  });
}
