import * as questions from "../../__tests__/helpers/fleet/questions.js";
import { checkStatus, unlock } from "./act.js";
import { findOut } from "./enroll.js";
import { beginLogin, regenerate } from "./sign-in.js";
import type { Site } from "./site.js";
import type { On, User } from "./user.js";

const AT_ONCE = 16;
/** Two new codes between the parts of it. */
const STEPS_SECONDS = 90;
const TRIES = 3;
/** Used backup codes and revoked devices that are tried again, the last ones. */
const MOST_USED = 2;

/** With nothing broken any more: everything that was acknowledged is there, and works as it should. */
export async function audit(site: Site, users: readonly User[]): Promise<void> {
  for (let round = 0; round < TRIES; round++) {
    await site.freezeLater(STEPS_SECONDS);
    await forEach(users, async (user) => {
      if (user.isLocked) await unlock(user);
      if (user.state.is === "unsure") await findOut(user);
    });
    await site.freezeLater(STEPS_SECONDS);
    await forEach(users, async (user) => {
      if (user.state.is === "on" && user.state.isReplaced) await regenerate(user, user.state);
    });
  }
  await site.freezeLater(STEPS_SECONDS);
  await forEach(users, check);
}

async function check(user: User): Promise<void> {
  const { state } = user;
  if (state.is === "unsure") return user.lose("the enrollment: no secret is the one that is on");
  if (state.is === "on") return checkOn(user, state);
  const { body } = await user.ask(questions.status(user.id));
  if (body.is_setup !== false) user.lose("TOTP is on again after it was turned off");
}

async function checkOn(user: User, state: On): Promise<void> {
  await checkStatus(user, state);
  if (state.isReplaced) return user.lose("new backup codes");
  await checkCode(user, state);
  const { id, site } = user;
  const code = state.unused.pop();
  if (code !== undefined) {
    const { status } = await user.ask(questions.transfer(id, code));
    if (status === 200) site.promises.acceptOnce(`${id}, backup code ${code}`);
    else user.lose("an unused backup code");
    state.void.push(code);
  }
  for (const each of state.void.slice(-MOST_USED)) {
    const { status } = await user.ask(questions.transfer(id, each));
    if (status === 200) site.promises.acceptedTwice.push(`${id}, backup code ${each}`);
  }
  for (const token of state.devices.values()) {
    const { body } = await user.ask(questions.beginLogin(id, token));
    if (body.is_required !== false) user.lose("a trusted device");
  }
  for (const token of state.revoked.slice(-MOST_USED)) await beginLogin(user, token);
}

/** Signs in, and then tries the same session and code again. */
async function checkCode(user: User, { secret }: On): Promise<void> {
  const sessionId = await beginLogin(user);
  if (sessionId === undefined) return user.lose("a login cannot begin");
  const complete = (code: string) => questions.completeLogin(sessionId, code);
  let answer = await user.sendCode(secret, complete);
  if (user.isLocked) {
    // By wrong codes, the last of which is not refused as locked.
    await unlock(user);
    answer = await user.sendCode(secret, complete);
  }
  if (answer?.status !== 200) {
    const { status, body } = answer ?? {};
    user.lose(`the secret: its code is refused, ${status} ${JSON.stringify(body)}`);
  }
  await user.sendUsedCode(secret, (code) => questions.transfer(user.id, code));
  await user.sendUsedCode(secret, complete);
}

async function forEach(users: readonly User[], work: (user: User) => Promise<void>): Promise<void> {
  const left = [...users];
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let user = left.pop(); user; user = left.pop()) await work(user);
  });
  await Promise.all(workers);
}
