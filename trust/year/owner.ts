// The owner's normal life: signs in, trusts a laptop, double-clicks, generates backup codes, gets a new phone.
import { TRUSTED } from "express-totp-setup";
import { codeAt, START } from "../../__tests__/helpers/service.js";
import { type Answer, beginVisit, enterCode, type Owner, PATIENCE_MS } from "./entering.js";
import { type Actor, DAY_MS, USER, type World } from "./world.js";

const DOUBLE_CLICK = 0.05;
/** Of sign-ins: those on the laptop, which is trusted while it is. */
const ON_LAPTOP = 0.3;
const NEW_PHONE_EVERY_DAYS = 60;
const PASSWORD_MS = 5_000;
const SCAN_MS = 20_000;
const MOST_SETUPS = 5;
const MORNING_MS = 7 * 3_600_000;
const AWAKE_MS = 16 * 3_600_000;

export async function* live(world: World, owner: Owner, days: number): Actor {
  const home: Laptop = { token: undefined };
  for (let day = 0; day < days; day++) {
    const times = Array.from(
      { length: owner.signInsADay },
      () => START + day * DAY_MS + MORNING_MS + AWAKE_MS * world.random(),
    );
    for (const time of times.sort((a, b) => a - b)) {
      yield* visit(world, time, () => signIn(world, owner, home));
    }
    if (owner.signInsADay > 0 && day % NEW_PHONE_EVERY_DAYS === NEW_PHONE_EVERY_DAYS / 2) {
      const night = START + day * DAY_MS + MORNING_MS + AWAKE_MS;
      yield* visit(world, night, () => replacePhone(world, owner));
    }
  }
  world.nextVisit = Number.POSITIVE_INFINITY;
  yield START + days * DAY_MS;
}

interface Laptop {
  token: string | undefined;
}

async function* visit(world: World, time: number, what: () => Actor): Actor {
  world.nextVisit = Math.max(time, world.rig.clock.time);
  yield world.nextVisit;
  world.isVisiting = true;
  yield* what();
  world.isVisiting = false;
}

async function* signIn(world: World, owner: Owner, laptop: Laptop): Actor {
  const { rig, random } = world;
  const { totp, clock } = rig;
  const isOnLaptop = random() < ON_LAPTOP;
  const begin = async () => {
    const begun = await totp.beginLogin(USER, isOnLaptop ? { deviceToken: laptop.token } : {});
    return begun.isRequired && begun.ok ? begun.sessionId : undefined;
  };
  let sessionId = await begin();
  // It is still trusted.
  if (sessionId === undefined) return;
  const send = async (code: string): Promise<Answer> => {
    const complete = () => totp.completeLogin(String(sessionId), code);
    const clicks = random() < DOUBLE_CLICK ? [complete(), complete()] : [complete()];
    const answers: Answer[] = await Promise.all(clicks);
    return answers.find(({ ok }) => ok) ?? (answers[0] as Answer);
  };
  const isIn = yield* enterCode(world, owner, "login", send, async function* () {
    yield clock.time + PASSWORD_MS;
    sessionId = await begin();
  });
  if (!isIn) return;
  if (isOnLaptop) {
    const trusted = await totp.trustDevice(USER, { label: "Laptop" });
    laptop.token = trusted.ok ? trusted.token : undefined;
  }
  if (world.backupCodes.length < 3) await renewBackupCodes(world);
}

async function renewBackupCodes(world: World): Promise<void> {
  const code = world.backupCodes.pop();
  const renewed = await world.rig.totp.regenerateBackupCodes(USER, { proof: { code } });
  if (!renewed.ok) throw new Error(`A backup code was refused: ${renewed.reason}`);
  world.backupCodes = renewed.backupCodes;
}

/** Ends with the new phone, or with the old one if every setup was lost. */
async function* replacePhone(world: World, owner: Owner): Actor {
  const { totp, clock } = world.rig;
  for (let setups = 0; setups < MOST_SETUPS; setups++) {
    let secret = "";
    const begin = async (code: string): Promise<Answer> => {
      const begun = await totp.beginSetup({ id: USER }, { proof: { code } });
      if (begun.ok) secret = begun.secret;
      return begun;
    };
    const hasBegun = yield* enterCode(world, owner, "new phone", begin, async function* () {});
    if (!hasBegun) return;
    yield clock.time + SCAN_MS;
    const code = codeAt(secret, clock.time + owner.clockOffMs, { digits: world.digits });
    const confirmed = await totp.confirm(USER, code);
    if (confirmed.ok) {
      world.secret = secret;
      world.backupCodes = confirmed.backupCodes;
      return;
    }
    world.setupsLost++;
  }
}

/** Another owner: has TOTP off every morning, and turns it on. */
export async function* enrollDaily(world: World, owner: Owner, days: number): Actor {
  const { totp } = world.rig;
  for (let day = 0; day < days; day++) {
    const time = START + day * DAY_MS + MORNING_MS + AWAKE_MS * world.random();
    await totp.disable(USER, { proof: TRUSTED });
    yield* visit(world, time, () => enroll(world, owner));
  }
  world.nextVisit = Number.POSITIVE_INFINITY;
}

async function* enroll(world: World, owner: Owner): Actor {
  const { totp, clock } = world.rig;
  const visit = beginVisit(world, "first phone");
  let first: number | undefined;
  do {
    const begun = await totp.beginSetup({ id: USER });
    if (!begun.ok) throw new Error(`The owner met ${begun.reason}`);
    yield clock.time + SCAN_MS;
    first ??= clock.time;
    visit.tries++;
    const shownAt = clock.time + owner.clockOffMs;
    const code = codeAt(begun.secret, shownAt, { digits: world.digits });
    const confirmed = await totp.confirm(USER, code);
    visit.keptOutMs = clock.time - first;
    if (confirmed.ok) return;
    world.setupsLost++;
  } while (visit.keptOutMs <= PATIENCE_MS);
  visit.hasGivenUp = true;
}
