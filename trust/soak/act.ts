import * as questions from "../../__tests__/helpers/fleet/questions.js";
import { wrongCode } from "../../__tests__/helpers/service.js";
import { enroll, findOut, importSecret, readAsOn } from "./enroll.js";
import { regenerate, replay, revokeDevice, signIn, useDevices } from "./sign-in.js";
import type { On, User } from "./user.js";

const WHILE_ON = {
  signIn: 35,
  transfer: 20,
  replay: 14,
  status: 8,
  wrongCode: 3,
  useDevices: 6,
  revokeDevice: 2,
  regenerate: 4,
  replace: 4,
  disable: 3,
  reset: 1,
  reencrypt: 4,
};
const WHILE_OFF = { enroll: 8, importSecret: 1, status: 1 };

const ACTIONS: Record<keyof typeof WHILE_ON, (user: User, state: On) => Promise<unknown>> = {
  ...{ signIn, replay, useDevices, revokeDevice, regenerate, replace: enroll },
  status: checkStatus,
  transfer(user, { secret }) {
    const isRace = user.random.next() < 0.3;
    return user.sendCode(secret, (code) => questions.transfer(user.id, code), { isRace });
  },
  wrongCode: async (user, { secret }) => {
    const wrong = wrongCode(user.site.now, secret);
    const { status } = await user.ask(questions.transfer(user.id, wrong));
    if (status === 200) user.lose("the secret: a wrong code was accepted");
  },
  async disable(user, { secret }) {
    const answer = await user.sendCode(secret, (code) => questions.remove(user.id, code));
    if (answer) turnOff(user, secret, answer.status === 200, user.isUnknown(answer));
  },
  async reset(user, { secret }) {
    const answer = await user.ask(questions.reset(user.id));
    turnOff(user, secret, answer.status === 200, user.isUnknown(answer));
  },
  reencrypt: (user) => user.ask(questions.reencrypt(user.id)),
};

/** Does one thing that a user, or an administrator for a user, does. */
export async function act(user: User): Promise<void> {
  const { state, random } = user;
  if (user.isLocked) return unlock(user);
  if (state.is === "unsure") return findOut(user);
  if (state.is === "on") {
    if (state.isReplaced) return regenerate(user, state);
    await ACTIONS[random.weighted(WHILE_ON)](user, state);
    return;
  }
  const action = random.weighted(WHILE_OFF);
  if (action === "enroll") return enroll(user);
  if (action === "importSecret") return importSecret(user);
  const { status, body } = await user.ask(questions.status(user.id));
  if (status === 200 && body.is_setup) readAsOn(user);
}

export async function unlock(user: User): Promise<void> {
  const { status } = await user.ask(questions.unlock(user.id));
  if (status === 200) user.isLocked = false;
}

/** Nobody who is enrolled may be read as one who is not. */
export async function checkStatus(user: User, state: On): Promise<void> {
  const { status, body } = await user.ask(questions.status(user.id));
  if (status !== 200) return;
  if (!body.is_setup) return user.lose("the enrollment: the status says that TOTP is off");
  if (state.isReplaced) return;
  const [most, left] = [state.unused.length, Number(body.backup_codes_remaining)];
  if (left > most && !state.isFewer) user.lose("the use of a backup code");
  if (left < most) user.lose("a backup code");
}

function turnOff(user: User, secret: string, isOff: boolean, isUnknown: boolean): void {
  if (isOff) user.state = { is: "off" };
  else if (isUnknown) {
    user.state = { is: "unsure", secrets: [secret, ...user.imported], canBeOff: true };
  }
}
