// What remains true when an engine, a process of ours or a connection dies in the middle of traffic.
import { describeLocalEngine, mariadb, postgres, redis } from "../helpers/engines/index.js";
import type { LocalEngine } from "../helpers/engines/local-engine.js";
import { until } from "../helpers/engines/until.js";
import { CUT_CONNECTIONS } from "../helpers/fleet/cut-connections.js";
import { Fleet } from "../helpers/fleet/fleet.js";
import { Traffic } from "../helpers/fleet/traffic.js";

const PATIENCE_MS = 240_000;

interface Fault {
  strike(): Promise<unknown>;
  mend(): Promise<unknown>;
}

for (const kind of [postgres, mariadb, redis]) {
  const name = kind.name as keyof typeof CUT_CONNECTIONS;
  describeLocalEngine(kind, `with ${name}, in the middle of traffic`, (engine) => {
    let traffic: Traffic;
    beforeAll(async () => {
      const options = { engine: name, url: engine().url, timeoutMs: 1500, encrypted: true };
      traffic = new Traffic(await Fleet.start(options));
      await traffic.enrol();
    }, PATIENCE_MS);
    afterAll(() => traffic?.fleet.stop(), PATIENCE_MS);
    testFaults(() => traffic, engine, CUT_CONNECTIONS[name]);
    afterAll(() => {
      const { answers = 0, failures = 0 } = traffic?.ledger ?? {};
      process.stdout.write(`${name}, faults: ${answers} answers, ${failures} of them failures\n`);
    });
  });
}

function testFaults(
  traffic: () => Traffic,
  engine: () => LocalEngine,
  cutConnections: (url: string) => Promise<number>,
): void {
  afterEach(() => {
    // The whole run up to now: a code may not come back to life later either.
    expect(traffic().ledger.doubles).toEqual([]);
    expect(traffic().ledger.unlawful).toEqual([]);
    expect(traffic().ledger.lost).toBe(0);
    expect(traffic().fleet.crashes).toEqual([]);
  });

  test(
    "the engine is killed, and started again",
    async () => {
      const fault = { strike: () => engine().kill(), mend: () => engine().restart() };
      expect(await survive(traffic(), fault)).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  test(
    "the engine hangs for longer than timeoutMs",
    async () => {
      const fault = { strike: async () => engine().pause(), mend: async () => engine().resume() };
      expect(await survive(traffic(), fault)).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  test(
    "a process of ours is killed, and another one takes its place",
    async () => {
      const { fleet, ledger } = traffic();
      const fault = { strike: () => fleet.kill(1), mend: () => fleet.replace(1) };
      expect(await survive(traffic(), fault)).toBeGreaterThan(0);
      // With the process went the answers that it owed.
      expect(ledger.lost).toBeGreaterThan(0);
      ledger.lost = 0;
    },
    PATIENCE_MS,
  );

  test(
    "connections are cut, again and again",
    async () => {
      let cut = 0;
      const strike = async () => {
        for (let times = 0; times < 3; times++) {
          cut += await cutConnections(engine().url);
          const more = traffic().ledger.more(20);
          const wave = traffic().wave();
          await more;
          cut += await cutConnections(engine().url);
          await wave;
        }
      };
      await survive(traffic(), { strike, mend: async () => {} });
      expect(cut).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
}

/** Lets a fault strike in the middle of a wave, and checks what must hold after it. Tells how much failed. */
async function survive(traffic: Traffic, { strike, mend }: Fault): Promise<number> {
  await traffic.nextMoment(true);
  const before = traffic.ledger.failures;
  const enoughForNow = traffic.ledger.more(30);
  const first = traffic.wave();
  await enoughForNow;
  await strike();
  await Promise.all([first, traffic.wave()]);
  const failures = traffic.ledger.failures - before;
  await Promise.all([mend(), untilMended(traffic)]);
  // A wave may have been spared before the mending had ended.
  await untilMended(traffic);
  await checkEnrolments(traffic);
  return failures;
}

/** The same codes again: it is the same moment. */
async function untilMended(traffic: Traffic): Promise<void> {
  await until(async () => {
    const failed = await traffic.wave();
    if (failed > 0) throw new Error(`${failed} requests failed`);
  });
}

/** Nobody who was told that TOTP is on has lost it, and nobody was shown a secret that was not saved. */
async function checkEnrolments(traffic: Traffic): Promise<void> {
  await until(async () => {
    await traffic.settle();
    if (traffic.begun.length > 0) throw new Error(`Not confirmable: ${traffic.begun.length}`);
  });
  const enabled = await Promise.all(traffic.members.map(({ user }) => traffic.isEnabled(user)));
  expect(enabled).not.toContain(false);
  await until(async () => {
    await traffic.nextMoment(false);
    await traffic.wave();
    const { waiting } = traffic;
    if (waiting.length > 0) throw new Error(`Not signed in: ${waiting.length}`);
  });
}
