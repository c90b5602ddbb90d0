import request from "supertest";
import { EXPRESS_VERSIONS } from "../helpers/express-versions.js";
import { API_KEY, SETUP_PATH } from "../helpers/setup-app.js";

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
        "createTotpSetupRouter: expected to be called with options, got a request. Mount what it returns: app.use(createTotpSetupRouter({ authenticate, savePendingSecret })).",
    });
  });

  test("options that are changed after the router was made change nothing", async () => {
    const options = {
      authenticate: (): number | null => 1,
      savePendingSecret: () => {},
      issuer: "Acme",
      qrCode: { format: "png" as "png" | "svg" },
    };
    const app = express().use(lib.createTotpSetupRouter(options));
    options.authenticate = () => null;
    options.qrCode.format = "svg";
    options.qrCode = { format: "svg" };
    const res = await request(app).post(SETUP_PATH).set("X-API-Key", API_KEY);
    expect(res.status).toBe(200);
    expect(res.body.qr_code_url).toMatch(/^data:image\/png/);
  });
});
