import { generateSecret } from "express-totp-setup";
import * as questions from "../../__tests__/helpers/fleet/questions.js";
import type { On, User } from "./user.js";

/** Well before a pending secret expires. */
const SOON_MS = 400_000;

/** Begins a setup and confirms it, in the place of an enrollment if there is one. */
export async function enroll(user: User): Promise<void> {
  const replaced = user.state.is === "on" ? user.state : undefined;
  const begun = replaced
    ? await user.sendCode(replaced.secret, (code) => questions.setup(user.id, code))
    : await user.ask(questions.setup(user.id));
  if (!begun) return;
  if (begun.body.reason === "code_required" && !replaced) return readAsOn(user);
  if (begun.status !== 200) return;
  const secret = String(begun.body.secret);
  const begunAt = user.site.now;
  const confirmed = await user.sendCode(secret, (code) => questions.confirm(user.id, code));
  if (!confirmed) return;
  if (confirmed.status === 200) {
    user.state = turnedOn(secret, confirmed.body.backup_codes as string[], replaced);
  } else if (user.isUnknown(confirmed)) {
    const secrets = replaced ? [secret, replaced.secret] : [secret];
    user.state = { is: "unsure", secrets, canBeOff: !replaced };
  } else if (confirmed.body.reason === "nothing_pending" && user.site.now < begunAt + SOON_MS) {
    user.lose("a pending secret");
  }
}

/** An administrator enables a secret of another system. */
export async function importSecret(user: User): Promise<void> {
  const secret = generateSecret();
  const imported = await user.ask(questions.importSecret(user.id, secret));
  if (imported.status === 200) {
    user.state = turnedOn(secret, []);
  } else if (user.isUnknown(imported)) {
    user.imported.push(secret);
    user.state = { is: "unsure", secrets: [...user.imported], canBeOff: true };
  } else if (imported.body.reason === "already_enabled") readAsOn(user);
}

/** TOTP is on although nobody was told so. */
export function readAsOn(user: User): void {
  if (user.imported.length === 0) user.lose("TOTP is on again after it was turned off");
  user.state = { is: "unsure", secrets: [...user.imported], canBeOff: true };
}

/** Finds out which of the possibilities came true, by calls that are acknowledged themselves. */
export async function findOut(user: User): Promise<void> {
  const { state } = user;
  if (state.is !== "unsure") return;
  // A write: what was sent before it and is still on its way comes too late.
  const begun = await user.ask(questions.setup(user.id));
  if (begun.status === 200) {
    if (!state.canBeOff) user.lose("TOTP is off, and nobody turned it off");
    user.state = { is: "off" };
    return;
  }
  if (begun.body.reason !== "code_required") return;
  for (const secret of state.secrets) {
    const sent = await user.sendCode(secret, (code) => questions.transfer(user.id, code));
    if (sent?.status !== 200) continue;
    user.state = { ...turnedOn(secret, []), isReplaced: true };
    return;
  }
}

function turnedOn(secret: string, backupCodes: string[], replaced?: On): On {
  return {
    is: "on",
    secret,
    unused: [...backupCodes],
    void: [...(replaced?.unused ?? []), ...(replaced?.void ?? [])].slice(-6),
    isReplaced: false,
    isFewer: false,
    devices: new Map(),
    revoked: [...(replaced?.devices.values() ?? []), ...(replaced?.revoked ?? [])].slice(-6),
    completed: [...(replaced?.completed ?? [])].slice(-4),
  };
}
