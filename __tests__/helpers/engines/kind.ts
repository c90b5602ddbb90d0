import type { Engine, LocalEngine } from "./local-engine.js";

/** A kind of engine, and how tests come by one. */
export interface EngineKind<Local extends LocalEngine = LocalEngine> {
  name: string;
  /** The variable of the environment with the URL of one that runs already. */
  variable?: string;
  debianPackage: string;
  /** Tells how to start one, if its programs are on this machine. */
  find(): (() => Promise<Local>) | undefined;
}

/** Far more than a start takes, for a machine that is busy with other tests. */
const START_MS = 120_000;

/**
 * `describe` with an engine: that of the URL in the environment, else one that is started here and stopped
 * afterwards. Where there is neither, that is said aloud; under REQUIRE_ALL_TESTS, as in CI, it is an error.
 */
export function describeEngine(
  kind: EngineKind,
  title: string,
  body: (engine: () => Engine) => void,
): void {
  const url = kind.variable && process.env[kind.variable];
  if (url) describe(title, () => body(() => ({ url, stop: async () => {} })));
  else describeLocalEngine(kind, title, body);
}

/** As {@link describeEngine}, but always with one that is started here, which a test may mistreat. */
export function describeLocalEngine<Local extends LocalEngine>(
  kind: EngineKind<Local>,
  title: string,
  body: (engine: () => Local) => void,
): void {
  const start = kind.find();
  if (!start) leaveOut(kind, title);
  (start ? describe : describe.skip)(title, () => {
    let engine: Local | undefined;
    beforeAll(async () => {
      engine = await start?.();
    }, START_MS);
    body(() => {
      if (!engine) throw new Error(`${kind.name} was not started`);
      return engine;
    });
    // Defined last, and so run last: by then the clients are closed.
    afterAll(() => engine?.stop(), START_MS);
  });
}

function leaveOut(kind: EngineKind, title: string): void {
  const missing = `${kind.name} is not on this machine (Debian package ${kind.debianPackage})`;
  if (process.env.REQUIRE_ALL_TESTS) throw new Error(`${missing}, needed to test: ${title}`);
  const instead = kind.variable ? `; ${kind.variable} can name another one` : "";
  process.stderr.write(`\nWARNING: ${missing}${instead}. Not tested with it: ${title}\n`);
}
