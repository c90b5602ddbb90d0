import createHttpError from "http-errors";
import { EXPRESS_VERSIONS, type ExpressVersion } from "../helpers/express-versions.js";
import { secretNo } from "../helpers/service.js";
import { createServiceApp, keyOf, PATHS, send } from "../helpers/service-app.js";

const version = EXPRESS_VERSIONS[0] as ExpressVersion;

test("an error's `headers` from an upstream went out, `Set-Cookie` included", async () => {
  const headers = {
    "Set-Cookie": "session=of-somebody-else",
    "X-Internal-Token": "secret",
    "Content-Encoding": "gzip",
    "Retry-After": "7",
  };
  const authenticate = () => {
    throw createHttpError(503, "Try later", { expose: true, headers });
  };
  const { app } = createServiceApp(version, { router: { authenticate } });
  const res = await send(app, PATHS.status);
  expect([res.status, res.headers["retry-after"]]).toEqual([503, "7"]);
  for (const name of ["set-cookie", "x-internal-token", "content-encoding"]) {
    expect(res.headers).not.toHaveProperty(name);
  }
});

test("the default log printed a secret that an app's error message held", async () => {
  const stderr = jest.spyOn(console, "error").mockReturnValue();
  const secret = secretNo(1);
  const made = createServiceApp(version, { router: { onError: undefined } });
  made.store.get = () => {
    throw new Error(`Duplicate entry '${secret}' of ${keyOf("ada")}`);
  };
  const res = await send(made.app, PATHS.setup);
  const log = JSON.stringify(stderr.mock.calls);
  stderr.mockRestore();
  expect(res.status).toBe(500);
  expect(log).toContain("Duplicate entry");
  for (const text of [secret, keyOf("ada")]) expect(log).not.toContain(text);
});
