import type { Answer, Question } from "./ask.js";
import type { Fleet } from "./fleet.js";

/** Requests for one user at the same moment, over all workers. */
export const AT_ONCE = 24;

/** How many answers there are of each status. */
export type Tally = Record<number, number>;

/** Asks for many users at once, for each of them many times at once; a tally a user. */
export async function crowd<Member>(
  fleet: Fleet,
  members: readonly Member[],
  question: (member: Member, index: number) => Question,
): Promise<Tally[]> {
  const all = members.map((member) => fleet.askAll(AT_ONCE, (i) => question(member, i)));
  return (await Promise.all(all)).map(tally);
}

function tally(answers: readonly Answer[]): Tally {
  const counts: Tally = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
