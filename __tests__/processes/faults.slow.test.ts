// What remains true when an engine, a process of ours or a connection dies in the middle of traffic.
import { describeLocalEngine, mariadb, postgres, redis } from "../helpers/engines/index.js";
import type { LocalEngine } from "../helpers/engines/local-engine.js";
import { CUT_CONNECTIONS } from "../helpers/fleet/cut-connections.js";
import { Fleet } from "../helpers/fleet/fleet.js";
import type { EngineName } from "../helpers/fleet/open-store.js";
import { sqliteFile } from "../helpers/fleet/sqlite-file.js";
import { survive } from "../helpers/fleet/survive.js";
import { Traffic } from "../helpers/fleet/traffic.js";

const PATIENCE_MS = 240_000;

for (const kind of [postgres, mariadb, redis]) {
  const name = kind.name as keyof typeof CUT_CONNECTIONS;
  describeLocalEngine(kind, `with ${name}, in the middle of traffic`, (engine) => {
    const traffic = startTraffic(name, engine);
    testEngineFaults(traffic, engine, CUT_CONNECTIONS[name]);
    testLostProcess(traffic);
  });
}

describeLocalEngine(sqliteFile, "with SQLite, in the middle of traffic", (engine) => {
  testLostProcess(startTraffic("SQLite", engine));
});

function startTraffic(name: EngineName, engine: () => LocalEngine): () => Traffic {
  let traffic: Traffic;

  beforeAll(async () => {
    const options = { engine: name, url: engine().url, timeoutMs: 3000, encrypted: true };
    traffic = new Traffic(await Fleet.start(options));
    await traffic.enroll();
  }, PATIENCE_MS);

  afterEach(() => {
    // The whole run up to now: a code may not come back to life later either.
    expect(traffic.ledger.doubles).toEqual([]);
    expect(traffic.ledger.unlawful).toEqual([]);
    expect(traffic.ledger.lost).toBe(0);
    expect(traffic.fleet.crashes).toEqual([]);
  });

  afterAll(async () => {
    const { answers = 0, failures = 0 } = traffic?.ledger ?? {};
    process.stdout.write(`${name}, faults: ${answers} answers, ${failures} of them failures\n`);
    await traffic?.fleet.stop();
  }, PATIENCE_MS);

  return () => traffic;
}

function testEngineFaults(
  traffic: () => Traffic,
  engine: () => LocalEngine,
  cutConnections: (url: string) => Promise<number>,
): void {
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

function testLostProcess(traffic: () => Traffic): void {
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
}
