import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { seeErrors } from "../helpers/see-errors.js";
import { withServer } from "../helpers/servers.js";
import { API_KEY, SETUP_PATH } from "../helpers/setup-app.js";
import { validated } from "../helpers/validated.js";

describe.each(EXPRESS_VERSIONS)("$name", ({ express, lib }) => {
  test("a factory that was mounted without being called says so, at the first request", async () => {
    const errors: Error[] = [];
    const app = express();
    app.use(lib.createTotpSetupRouter as never);
    app.use(
      (error: Error, _req: unknown, res: { sendStatus(code: number): void }, _next: unknown) => {
        errors.push(error);
        res.sendStatus(500);
      },
    );
    await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY).expect(500);
    expect(errors).toEqual([expect.any(lib.TotpConfigError)]);
    expect(errors[0]).toMatchObject({
      code: "FACTORY_NOT_CALLED",
      message:
        "createTotpSetupRouter: expected to be called with options, got a request. Mount its return value: app.use(createTotpSetupRouter({ authenticate, savePendingSecret }))." +
        seeErrors("FACTORY_NOT_CALLED"),
    });
  });

  test.each([
    ["createTotpRouter", "app.use(createTotpRouter({ totp, authenticate }))"],
    ["requireTotp", "app.use(requireTotp({ totp, authenticate }))"],
  ] as const)("so does %s", async (factory, call) => {
    const errors: Error[] = [];
    const app = express();
    app.use(lib[factory] as never);
    app.use(
      (error: Error, _req: unknown, res: { sendStatus(code: number): void }, _next: unknown) => {
        errors.push(error);
        res.sendStatus(500);
      },
    );
    await request(app).get("/").expect(500);
    expect(errors[0]).toMatchObject({
      code: "FACTORY_NOT_CALLED",
      message: expect.stringContaining(`Mount its return value: ${call}.`),
    });
  });

  test("a chunked body over 4 KiB is refused behind the app's own parser too", async () => {
    const totp = lib.createTotpService({ store: lib.createMemoryStore() });
    const app = express();
    app.use(express.json({ limit: "1mb" }));
    app.use(validated(lib.createTotpRouter({ totp, authenticate: () => 1 })));
    await withServer(app, async (port) => {
      const send = async (padding: number) => {
        const text = JSON.stringify({ code: "123456", pad: "x".repeat(padding) });
        const answer = await fetch(`http://localhost:${port}/auth/v1/users/current/totp/verify`, {
          method: "POST",
          headers: { "X-API-Key": API_KEY, "Content-Type": "application/json" },
          // A stream has no length, so it is sent in chunks.
          body: new Blob([text]).stream(),
          duplex: "half",
        } as RequestInit);
        return answer.status;
      };
      expect([await send(5000), await send(10)]).toEqual([413, 409]);
    });
  });

  test("options that are changed after the router was made change nothing", async () => {
    const options = {
      authenticate: (): number | null => 1,
      savePendingSecret: () => {},
      issuer: "Acme",
      qrCode: { format: "png" as "png" | "svg" },
    };
    const router = lib.createTotpSetupRouter(options);
    const app = express().use(validated(router, { routes: ["setup"] }));
    options.authenticate = () => null;
    options.qrCode.format = "svg";
    options.qrCode = { format: "svg" };
    const res = await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
    expect(res.status).toBe(200);
    expect(res.body.qr_code_url).toMatch(/^data:image\/png/);
  });
});
