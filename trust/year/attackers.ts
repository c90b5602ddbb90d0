// Each knows the password or has a stolen session, and knows when the owner comes.
import { type Actor, USER, type World, wrongFor } from "./world.js";

const SECOND = 1_000;
const LABEL = "💻".repeat(64);

/** Sends a code whenever one is looked at, through logins that begin with the password. */
export async function* guess(world: World): Actor {
  const { totp, clock } = world.rig;
  let sessionId = "";
  for (;;) {
    const outcome = await totp.completeLogin(sessionId, wrongFor(world, world.secret));
    if (outcome.ok) throw new Error("A wrong code was accepted");
    if (outcome.reason === "unknown_session") {
      const begun = await totp.beginLogin(USER);
      if (!begun.ok || !begun.isRequired) throw new Error("No login");
      sessionId = begun.sessionId;
      continue;
    }
    if (outcome.reason === "wrong_code") world.guesses++;
    yield clock.time + (outcome.reason === "locked" ? outcome.retryAfterSeconds : 1) * SECOND;
  }
}

/** Keeps the allowance for the moments at which a lock hurts: while the owner is typing. */
export async function* lock(world: World): Actor {
  const { totp, clock } = world.rig;
  for (;;) {
    if (!world.isVisiting && clock.time < world.nextVisit) yield world.nextVisit;
    if (world.nextVisit === Number.POSITIVE_INFINITY) return;
    const outcome = await totp.verify(USER, wrongFor(world, world.secret));
    if (!outcome.ok && outcome.reason === "wrong_code") world.guesses++;
    else yield clock.time + SECOND;
  }
}

/**
 * Does one thing over and over. What it fills lasts for minutes, so it is played out around the owner's visits, for
 * long enough before them to fill it all.
 */
export async function* flood(
  world: World,
  everyMs: number,
  act: (world: World) => Promise<void>,
): Actor {
  const { clock } = world.rig;
  const before = 15 * everyMs;
  for (;;) {
    if (world.nextVisit === Number.POSITIVE_INFINITY) return;
    if (!world.isVisiting && clock.time < world.nextVisit - before) {
      yield world.nextVisit - before;
      continue;
    }
    // Over, and the owner has not said when the next one is.
    if (world.isVisiting || clock.time <= world.nextVisit) await act(world);
    yield clock.time + everyMs * (0.5 + world.random());
  }
}

export async function beginLogin({ rig }: World): Promise<void> {
  await rig.totp.beginLogin(USER);
}

/** By a stolen session, through a route of the app's own that asks for no code. */
export async function trustDevice({ rig }: World): Promise<void> {
  await rig.totp.trustDevice(USER, { label: LABEL });
}

/** By a stolen session or API key, without a code. */
export async function beginSetup({ rig }: World): Promise<void> {
  const begun = await rig.totp.beginSetup({ id: USER }, { proof: { code: undefined } });
  if (begun.ok) throw new Error("A setup began without a code");
}

/** The same while TOTP is off, when `authorizeSetup` decides. */
export async function beginFirstSetup({ rig }: World, isAuthorized: boolean): Promise<void> {
  await rig.totp.beginSetup({ id: USER }, { isAuthorized });
}

/** By a stolen session or API key. Guesses at what is pending, and drops it by ten wrong codes. */
export async function confirm(world: World): Promise<void> {
  const { rig, secret } = world;
  const { pending } = JSON.parse((await rig.store.get(USER)) ?? "{}");
  const secrets: { secret: string }[] = pending?.enrollments ?? [];
  const code = wrongFor(world, secret, ...secrets.map((each) => each.secret));
  await rig.totp.confirm(USER, code);
  world.guesses += secrets.length;
}
