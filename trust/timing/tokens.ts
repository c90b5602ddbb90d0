// Session ids and device tokens: what stands for a password or a code must not be found by the time it takes.
import { createRig, enroll, type Rig } from "../../__tests__/helpers/service.js";
import { generateToken } from "../../lib/service/token.js";
import { asTyped, type Class, type Comparison } from "../welch.js";

const USERS = 200;
const TOKENS = 512;
const DEVICES = 5;

/** Ids of sessions that were never begun, of three kinds of user. */
export async function compareSessions(
  samples: number,
  random: () => number,
): Promise<{ promised: Comparison<string>; notPromised: Comparison<string> }> {
  const rig = createRig({ backupCodes: { count: 10 } });
  for (let i = 0; i < USERS; i++) {
    await enroll(rig, `on-${i}`);
    // On and off again: it is a user of the app, and the store had a value.
    await enroll(rig, `off-${i}`);
    await rig.totp.reset(`off-${i}`);
  }
  const compare = (name: string, first: string, second: string): Comparison<string> => ({
    name,
    samples,
    prepare: (kind) =>
      asTyped(unknownSession(`${kind === 0 ? first : second}-${Math.floor(random() * USERS)}`)),
    run: (sessionId) => rig.totp.completeLogin(sessionId, "123456"),
  });
  return {
    promised: compare("session: of nobody / of a user without TOTP", "nil", "off"),
    notPromised: compare("session: of a user with TOTP / without", "on", "off"),
  };
}

/** A text that has the form of a session id. */
export function unknownSession(userId: string): string {
  return `s${Buffer.from(userId).toString("base64url")}.${generateToken()}`;
}

/** A token that is right but for its last character, against any other. */
export async function compareDeviceTokens(
  samples: number,
  random: () => number,
): Promise<Comparison<string>> {
  const rig = createRig();
  await enroll(rig, "ada");
  const tokens = await trustDevices(rig);
  const near = Array.from({ length: TOKENS }, (_, i) => alterLast(String(tokens[i % DEVICES]), i));
  const far = Array.from({ length: TOKENS }, generateToken);
  return {
    name: "device token: unknown / last character wrong",
    samples,
    prepare: (kind: Class) =>
      asTyped(String((kind === 0 ? far : near)[Math.floor(random() * TOKENS)])),
    run: (deviceToken) => rig.totp.beginLogin("ada", { deviceToken }),
  };
}

async function trustDevices({ totp }: Rig): Promise<string[]> {
  const tokens: string[] = [];
  for (let i = 0; i < DEVICES; i++) {
    const trusted = await totp.trustDevice("ada", { label: "Laptop" });
    if (trusted.ok) tokens.push(trusted.token);
  }
  return tokens;
}

function alterLast(token: string, by: number): string {
  const others = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".replace(
    token.slice(-1),
    "",
  );
  return token.slice(0, -1) + others[by % others.length];
}
