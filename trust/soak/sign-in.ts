import { randomUUID } from "node:crypto";
import * as questions from "../../__tests__/helpers/fleet/questions.js";
import type { On, User } from "./user.js";
import { bestOf } from "./user.js";

/** Signs in by a password and a code, now and then with the same code to all workers at once. */
export async function signIn(user: User, state: On): Promise<void> {
  const sessionId = await beginLogin(user);
  if (sessionId === undefined) return;
  const isRace = user.random.next() < 0.25;
  const label = user.random.next() < 0.2 && !isRace ? randomUUID() : undefined;
  const isByBackupCode = user.random.next() < 0.15;
  if (isByBackupCode) return signInByBackupCode(user, state, sessionId, isRace);
  const answer = await user.sendCode(
    state.secret,
    (code) => questions.completeLogin(sessionId, code, label),
    { isRace },
  );
  if (answer?.status !== 200) return;
  complete(user, state, sessionId);
  if (user.random.next() < 0.3) await replaySession(user, state, sessionId);
  if (label !== undefined && typeof answer.body.device_token === "string") {
    state.devices.set(label, answer.body.device_token);
    if (state.devices.size > 3) await revokeDevice(user, state);
  }
}

/** Begins a login, and holds that it needs a code. */
export async function beginLogin(user: User, deviceToken?: string): Promise<string | undefined> {
  const { status, body } = await user.ask(questions.beginLogin(user.id, deviceToken));
  if (status !== 200) return undefined;
  if (body.is_required) return String(body.session_id);
  user.lose(deviceToken ? "a device is trusted that was revoked" : "no code was asked for");
  return undefined;
}

async function signInByBackupCode(
  user: User,
  state: On,
  sessionId: string,
  isRace: boolean,
): Promise<void> {
  const code = state.isReplaced ? undefined : state.unused.pop();
  if (code === undefined) return regenerate(user, state);
  const question = questions.completeLogin(sessionId, code);
  const all = isRace ? await user.site.askAll(question) : [await user.ask(question)];
  for (const { status } of all) {
    if (status === 200) user.site.promises.acceptOnce(`${user.id}, backup code ${code}`);
  }
  const answer = bestOf(all);
  if (answer.status === 200) {
    state.void.push(code);
    complete(user, state, sessionId);
  } else if (all.some((each) => user.isUnknown(each))) state.isFewer = true;
  else if (all.every(({ body }) => body.reason === "busy")) state.unused.push(code);
  else if (answer.body.reason !== "unknown_session") user.lose("an unused backup code");
  else state.unused.push(code);
}

/** Sends again what was accepted before, which nobody may accept. */
export async function replay(user: User, state: On): Promise<void> {
  const { random, site, id } = user;
  const what = random.pick(["code", "backup code", "session", "device"]);
  if (what === "code") {
    await user.sendUsedCode(state.secret, (code) => questions.transfer(id, code));
  } else if (what === "backup code" && state.void.length > 0) {
    const code = random.pick(state.void);
    const { status } = await user.ask(questions.transfer(id, code));
    if (status === 200) site.promises.acceptedTwice.push(`${id}, backup code ${code}`);
  } else if (what === "session" && state.completed.length > 0) {
    await replaySession(user, state, random.pick(state.completed));
  } else if (what === "device" && state.revoked.length > 0) {
    await beginLogin(user, random.pick(state.revoked));
  }
}

/** With a code that was never sent. */
async function replaySession(user: User, { secret }: On, sessionId: string): Promise<void> {
  const complete = (code: string) => questions.completeLogin(sessionId, code);
  const answer = await user.sendCode(secret, complete);
  if (answer?.status === 200) user.site.promises.acceptOnce(`${user.id}, session ${sessionId}`);
}

/** A login on a trusted device needs no code, and the list has all devices. */
export async function useDevices(user: User, state: On): Promise<void> {
  const [label, token] = [...state.devices].at(-1) ?? [];
  if (label === undefined || token === undefined) return;
  const { status, body } = await user.ask(questions.beginLogin(user.id, token));
  if (status === 200 && body.is_required) user.lose("a trusted device");
  const list = await user.ask(questions.devices(user.id));
  if (list.status !== 200) return;
  const labels = (list.body.devices as { label?: string }[]).map((each) => each.label);
  for (const each of state.devices.keys()) {
    if (!labels.includes(each)) user.lose("a trusted device of the list");
  }
}

export async function revokeDevice(user: User, state: On): Promise<void> {
  const [label, token] = [...state.devices][0] ?? [];
  if (label === undefined || token === undefined) return;
  const list = await user.ask(questions.devices(user.id));
  if (list.status !== 200) return;
  const found = (list.body.devices as { id: string; label?: string }[]).find(
    (each) => each.label === label,
  );
  if (!found) return user.lose("a trusted device of the list");
  state.devices.delete(label);
  const revoked = await user.ask(questions.revokeDevice(user.id, found.id));
  if (revoked.status === 204) state.revoked.push(token);
}

export async function regenerate(user: User, state: On): Promise<void> {
  const answer = await user.sendCode(state.secret, (code) => questions.regenerate(user.id, code));
  if (!answer) return;
  if (answer.status === 200) {
    if (!state.isReplaced) state.void.push(...state.unused);
    state.void = state.void.slice(-6);
    state.unused = [...(answer.body.backup_codes as string[])];
    state.isReplaced = state.isFewer = false;
  } else if (user.isUnknown(answer)) {
    // The old ones may be void, or not.
    state.isReplaced = true;
    state.unused = [];
  }
}

function complete({ site, id }: User, state: On, sessionId: string): void {
  site.promises.acceptOnce(`${id}, session ${sessionId}`);
  state.completed = [...state.completed, sessionId].slice(-4);
}
