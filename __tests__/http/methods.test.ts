import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { exchange, post, withServer } from "../helpers/servers.js";
import { API_KEY, createSetupApp, SETUP_PATH } from "../helpers/setup-app.js";

const BODY = '{"code":405,"details":"Use POST","error":"Method Not Allowed"}';

describe.each(EXPRESS_VERSIONS)("$name", (version) => {
  test.each(["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])(
    "%s gets a 405 that names POST",
    async (method) => {
      const authenticate = jest.fn();
      const { app, errors, escaped } = createSetupApp(version, { authenticate });
      const { status, head, body } = await withServer(app, (port) =>
        exchange(port, post(SETUP_PATH, [`X-API-Key: ${API_KEY}`], method)),
      );
      expect([status, body]).toEqual([405, BODY]);
      expect(head).toMatch(/^allow: POST$/im);
      expect(head).toMatch(/^cache-control: no-store$/im);
      expect({ errors, escaped }).toEqual({ errors: [], escaped: [] });
      expect(authenticate).not.toHaveBeenCalled();
    },
  );

  test("HEAD gets the same without the body", async () => {
    const { app } = createSetupApp(version);
    const { status, head, body } = await withServer(app, (port) =>
      exchange(port, post(SETUP_PATH, [], "HEAD")),
    );
    expect([status, body]).toEqual([405, ""]);
    expect(head).toMatch(/^allow: POST$/im);
    expect(head).toMatch(/^cache-control: no-store$/im);
  });

  test.each(["constructor", "__proto__", "toString", "post"])(
    "a method that an app rewrote to %s is no method",
    async (method) => {
      const app = version.express();
      app.use((req, _res, next) => {
        req.method = method;
        next();
      });
      app.use(createSetupApp(version).app);
      const res = await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
      expect([res.status, res.text]).toEqual([405, BODY]);
    },
  );
});
