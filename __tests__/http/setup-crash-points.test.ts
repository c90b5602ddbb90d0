// The setup route of an app with a storage of its own, which breaks before, in and after `savePendingSecret`.
import { verifyTotp } from "express-totp-setup";
import request from "supertest";
import { createDeferred } from "../helpers/deferred.js";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { codeAt } from "../helpers/service.js";
import { API_KEY, createSetupApp, SETUP_PATH } from "../helpers/setup-app.js";
import { forbidUnhandledRejections } from "../helpers/unhandled.js";

forbidUnhandledRejections();

const LOST = new Error("The connection was lost");

type Save = (secret: string) => unknown;

/** An app's storage, whose first write ends in this way. */
function createStorage(first: (save: () => void) => unknown) {
  const storage = { pending: undefined as string | undefined, writes: 0 };
  const save: Save = (secret) => {
    const write = () => {
      storage.pending = secret;
    };
    return storage.writes++ === 0 ? first(write) : write();
  };
  return { storage, save };
}

const rejects = async () => {
  throw LOST;
};
const ENDINGS: [string, status: number, first: (write: () => void) => unknown][] = [
  ["fails before the write", 500, rejects],
  ["fails after the write", 500, (write) => rejects().finally(write)],
  ["hangs before the write", 503, () => new Promise(() => {})],
  ["hangs after the write", 503, (write) => new Promise(() => write())],
];

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  function createApp(save: Save) {
    const savePendingSecret = (_: unknown, secret: string) => save(secret);
    return createSetupApp(version, { savePendingSecret, timeoutMs: 200 });
  }
  type App = ReturnType<typeof createApp>;
  const begin = ({ app }: App) => request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);

  /** The client's next try gives a secret whose code is right. */
  async function expectConfirmable(app: App, storage: { pending: string | undefined }) {
    app.events.length = 0;
    const { body } = await begin(app).expect(200);
    expect(body.secret).toBe(storage.pending);
    const now = Date.now();
    const code = codeAt(body.secret, now);
    expect(verifyTotp({ secret: String(storage.pending), code, now: () => now })).toBeGreaterThan(
      0,
    );
    expect(app.events.map(({ type }) => type)).toEqual(["setup_started"]);
  }

  test.each(ENDINGS)("savePendingSecret %s: a %i without a secret", async (_, status, first) => {
    const { storage, save } = createStorage(first);
    const app = createApp(save);
    const { body } = await begin(app).expect(status);
    expect(Object.keys(body)).toEqual(["code", "error"]);
    expect(app.events).toEqual([]);
    const unseen = storage.pending;
    await expectConfirmable(app, storage);
    expect(storage.pending).not.toBe(unseen);
  });

  test("a write that lands after timeoutMs replaces the secret of the next try: its code is wrong", async () => {
    const late = createDeferred();
    const { storage, save } = createStorage((write) => late.promise.then(write));
    const app = createApp(save);
    await begin(app).expect(503);
    const { body } = await begin(app).expect(200);
    late.resolve();
    await new Promise(setImmediate);
    expect(storage.pending).not.toBe(body.secret);
    await expectConfirmable(app, storage);
  });

  test("the response is lost: the next try replaces the secret that nobody has seen", async () => {
    const { storage, save } = createStorage((write) => write());
    const app = createApp(save);
    await begin(app).expect(200);
    await expectConfirmable(app, storage);
  });
});
