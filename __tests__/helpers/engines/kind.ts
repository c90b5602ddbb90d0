import { recordNotTested } from "../not-tested.js";
import type { Engine, LocalEngine } from "./local-engine.js";
import { findShared } from "./shared.js";

/** Whether an engine writes to disk before it confirms. One that nobody kills does not have to. */
export type Durability = "default" | "none";

/** A kind of engine, and how tests come by one. */
export interface EngineKind<Local extends LocalEngine = LocalEngine> {
  name: string;
  /** The variable of the environment with the URL of one that runs already. */
  variable?: string;
  debianPackage: string;
  /** Takes seconds to start, so that all test files of a run share one. */
  shared?: boolean;
  /** Returns what starts one, if its programs are on this machine. */
  find(durability?: Durability): (() => Promise<Local>) | undefined;
}

/** Far more than a start takes, for a machine that is busy with other tests. */
const START_MS = 120_000;

/**
 * `describe` with an engine: that of the URL in the environment, else the one that the test files share, else
 * one that is started here and stopped afterwards. Other tests may use it at the same time.
 */
export function describeEngine(
  kind: EngineKind,
  title: string,
  body: (engine: () => Engine) => void,
): void {
  const url = kind.variable && process.env[kind.variable];
  if (url) describe(title, () => body(() => ({ url, stop: async () => {} })));
  else describeStarted(kind, title, body, findSharedOrOwn(kind));
}

/** As {@link describeEngine}, but always with one that is started here, which a test may mistreat. */
export function describeLocalEngine<Local extends LocalEngine>(
  kind: EngineKind<Local>,
  title: string,
  body: (engine: () => Local) => void,
): void {
  describeStarted(kind, title, body, kind.find());
}

function findSharedOrOwn(kind: EngineKind): (() => Promise<Engine>) | undefined {
  const own = kind.find();
  return own && kind.shared ? (findShared(kind.name) ?? own) : own;
}

function describeStarted<E extends Engine>(
  kind: EngineKind,
  title: string,
  body: (engine: () => E) => void,
  start: (() => Promise<E>) | undefined,
): void {
  if (!start) leaveOut(kind, title);
  (start ? describe : describe.skip)(title, () => {
    let engine: E | undefined;
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

/** Called for each `describe` that cannot run, because its engine is not on this machine. */
function leaveOut({ name, variable, debianPackage }: EngineKind, title: string): void {
  const instead = variable ? `, or set ${variable}` : "";
  recordNotTested(`${name} (Debian package ${debianPackage}${instead})`, title);
}
