// Several processes behind one store, all at once: what a lock or a Map within one process cannot give.
import { randomUUID } from "node:crypto";
import { describeEngine, mariadb, postgres, redis } from "../helpers/engines/index.js";
import { AT_ONCE, crowd } from "../helpers/fleet/crowd.js";
import { codeNow, enrolAll, type Member } from "../helpers/fleet/enrolled.js";
import { Fleet } from "../helpers/fleet/fleet.js";
import type { EngineName } from "../helpers/fleet/open-store.js";
import * as questions from "../helpers/fleet/questions.js";
import { sqliteFile } from "../helpers/fleet/sqlite-file.js";
import { wrongCodes } from "../helpers/service.js";

/** Users of a crowd. CI has the full number; PARALLEL_USERS sets any other one. */
const USERS = Number(process.env.PARALLEL_USERS ?? (process.env.CI ? 300 : 30));
/** A try of a backup code costs a hash, so there are fewer of them. */
const FEWER = Math.ceil(USERS / 10);
const BUDGET = 5;
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
    expect(fleet().crashes).toEqual([]);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const counts = `${fleet().asked} requests, ${accepted} codes accepted`;
    process.stdout.write(`${name}, three processes: ${counts}, ${seconds} s\n`);
  });

  /** A used code is a wrong one: those that come after it spend the budget, and then lock. */
  const acceptedOnce = (of: number) => {
    accepted += of;
    return Array(of).fill({ 200: 1, 401: BUDGET, 429: AT_ONCE - 1 - BUDGET });
  };

  test(
    "what begins on one is confirmed on another",
    async () => {
      members = await enrolAll(fleet(), USERS);
      accepted += USERS;
    },
    PATIENCE_MS,
  );

  test(
    "a code that is sent to all at once is accepted once",
    async () => {
      for (let round = 0; round < 2; round++) {
        await fleet().advance(HALF_AN_HOUR);
        const send = (member: Member) => questions.login(member.user, codeNow(fleet(), member));
        expect(await crowd(fleet(), members, send)).toEqual(acceptedOnce(USERS));
      }
    },
    PATIENCE_MS,
  );

  test(
    "so is a backup code",
    async () => {
      await fleet().advance(HALF_AN_HOUR);
      const some = members.slice(0, FEWER);
      const send = ({ user, backupCodes: [code = ""] }: Member) => questions.login(user, code);
      expect(await crowd(fleet(), some, send)).toEqual(acceptedOnce(FEWER));
    },
    PATIENCE_MS,
  );

  test(
    "wrong codes spend the budget exactly, whatever way they come",
    async () => {
      await fleet().advance(HALF_AN_HOUR);
      const ways = [questions.login, questions.transfer, questions.setup, questions.remove];
      const guess = ({ user, secret }: Member, index: number) => {
        const way = ways[index % ways.length] as typeof questions.login;
        return way(user, wrongCodes(AT_ONCE, fleet().now, secret)[index] as string);
      };
      for (const { 401: atLogin = 0, 403: elsewhere = 0, ...others } of await crowd(
        fleet(),
        members,
        guess,
      )) {
        expect(atLogin + elsewhere).toBe(BUDGET);
        expect(others).toEqual({ 429: AT_ONCE - BUDGET });
      }
    },
    PATIENCE_MS,
  );

  test(
    "while it is spent no right code is accepted on any of them, and one is afterwards",
    async () => {
      const send = (member: Member) => questions.login(member.user, codeNow(fleet(), member));
      const some = members.slice(0, FEWER);
      expect(await crowd(fleet(), some, send)).toEqual(Array(FEWER).fill({ 429: AT_ONCE }));
      // Those who used a code and were locked twice since then wait twice as long.
      await fleet().advance(2 * HALF_AN_HOUR);
      expect(await crowd(fleet(), some, send)).toEqual(acceptedOnce(FEWER));
    },
    PATIENCE_MS,
  );

  test(
    "guesses at a confirmation spend the same budget",
    async () => {
      const users = Array.from({ length: FEWER }, () => randomUUID());
      const begun = await Promise.all(users.map((user) => fleet().ask(0, questions.setup(user))));
      const pending = users.map((user, i) => ({ user, secret: String(begun[i]?.body.secret) }));
      const guess = ({ user, secret }: { user: string; secret: string }, index: number) =>
        questions.confirm(user, wrongCodes(AT_ONCE, fleet().now, secret)[index] as string);
      const spent = { 422: BUDGET, 429: AT_ONCE - BUDGET };
      expect(await crowd(fleet(), pending, guess)).toEqual(Array(FEWER).fill(spent));
    },
    PATIENCE_MS,
  );
}
