import { complain, type Probe } from "../probe.js";
import { show } from "../show.js";
import type { Trial } from "../trial.js";
import type { Check } from "./check.js";

export const RACES: readonly Check[] = [
  { name: "one of many parallel writes sets a value", run: oneSets },
  { name: "one of many parallel writes replaces a value", run: oneReplaces },
  { name: "one of many parallel deletions succeeds", run: oneDeletes },
  { name: "one of many parallel replacements and deletions succeeds", run: oneReplacesOrDeletes },
  { name: "parallel loops that read, increment, and write lose no increment", run: losesNoCount },
  { name: "parallel writes for different users all succeed", run: allUsersWin },
];

/** Several rounds, so that a store with a rare race does not pass by luck. */
const ROUNDS = 5;
const LOOPS = 10;
const COUNTS_A_LOOP = 10;

const NONE_WON =
  "A call returned false although the value was the expected one. It must return false only if it is not.";
const TWO_WON =
  "compareAndSet must compare and write in one atomic step of the engine: one conditional statement, a script, or a transaction that locks. With a read and then a write, two calls can succeed.";

/** Returns the value that a contender writes. */
type Contender = (index: number, round: number) => string | undefined;

async function oneSets(trial: Trial): Promise<void> {
  await race(trial, undefined, (index) => `set by ${index}`);
}

async function oneReplaces(trial: Trial): Promise<void> {
  await race(trial, "before", (index) => `replaced by ${index}`);
}

async function oneDeletes(trial: Trial): Promise<void> {
  await race(trial, "before", () => undefined);
}

async function oneReplacesOrDeletes(trial: Trial): Promise<void> {
  // Each kind is first in some rounds.
  await race(trial, "before", (index, round) =>
    (index + round) % 2 ? `replaced by ${index}` : undefined,
  );
}

async function race(trial: Trial, expected: string | undefined, nextOf: Contender): Promise<void> {
  const peers = await trial.peers();
  for (let round = 0; round < ROUNDS; round++) {
    const user = await trial.newUser();
    if (expected !== undefined)
      await trial.store.wins({ user, next: expected }, "A value must be set for a new user.");
    const contend = (_: unknown, index: number) =>
      peerAt(peers, index).write({ user, expected, next: nextOf(index, round) });
    const results = await Promise.all(Array.from({ length: trial.parallel }, contend));
    const winners = [...results.keys()].filter((index) => results[index]);
    const [winner] = winners;
    if (winner === undefined || winners.length > 1) {
      const calls = `${trial.parallel} parallel calls of compareAndSet(user, ${show(expected)}, …)`;
      const stores = peers.length > 1 ? "two stores over one engine" : "one store";
      const seen = `Of ${calls} on ${stores}, ${winners.length} returned true.`;
      complain(winner === undefined ? NONE_WON : TWO_WON, seen);
    }
    const complaint = "After a race, the value must be that of the one call that returned true.";
    await trial.store.holds(user, nextOf(winner, round), complaint);
  }
}

async function losesNoCount(trial: Trial): Promise<void> {
  const peers = await trial.peers();
  const user = await trial.newUser();
  await trial.store.wins({ user, next: "0" }, "A value must be set if there is none.");
  const loop = async (_: unknown, index: number) => {
    for (let count = 0; count < COUNTS_A_LOOP; count++) await countUp(peerAt(peers, index), user);
  };
  await Promise.all(Array.from({ length: LOOPS }, loop));
  const complaint = "Updates were lost: two calls replaced the same value, and both returned true.";
  await trial.store.holds(user, String(LOOPS * COUNTS_A_LOOP), complaint);
}

async function countUp(store: Probe, user: string): Promise<void> {
  // Each refusal means that another loop has written between the read and the write.
  const mostRefusals = LOOPS * COUNTS_A_LOOP;
  for (let refusals = 0; refusals <= mostRefusals; refusals++) {
    const value = await store.read(user);
    if (typeof value !== "string") complain("A value disappeared.", `get returned ${show(value)}.`);
    if (await store.write({ user, expected: value, next: String(Number(value) + 1) })) return;
  }
  complain(
    "get returns outdated values, or compareAndSet returns false although the value is the expected one.",
    `One call was refused ${mostRefusals} times, which is more often than others can have succeeded.`,
  );
}

async function allUsersWin(trial: Trial): Promise<void> {
  const peers = await trial.peers();
  const users = await Promise.all(Array.from({ length: trial.parallel }, trial.newUser));
  const complaint =
    "Writes for different users must not affect each other. compareAndSet must return false only if the value is not the expected one.";
  const setOwn = (user: string, index: number) =>
    peerAt(peers, index).wins({ user, next: `of ${user}` }, complaint);
  await Promise.all(users.map(setOwn));
  const holdOwn = (user: string) =>
    trial.store.holds(user, `of ${user}`, "Parallel writes for different users were mixed up.");
  await Promise.all(users.map(holdOwn));
}

function peerAt(peers: [Probe, ...Probe[]], index: number): Probe {
  return peers[index % peers.length] as Probe;
}
