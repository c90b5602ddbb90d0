import { Redis } from "ioredis";
import { describeEngine, redis } from "../helpers/engines/index.js";
import { startExample } from "../helpers/fleet/example-server.js";
import { codeAt } from "../helpers/service.js";
import { stopPrograms } from "../helpers/snippets-program.js";

const FILE = "examples/redis/server.ts";
const PATIENCE_MS = 60_000;
const PASSWORD = { email: "ada@example.com", password: "demo-password" };

afterEach(stopPrograms);

describeEngine(redis, "the example for Redis", (engine) => {
  async function keys(): Promise<string[]> {
    const client = new Redis(engine().url);
    return client.keys("example:*").finally(() => client.disconnect());
  }

  async function forget() {
    const client = new Redis(engine().url);
    await client.del("none", ...(await client.keys("example:*")));
    client.disconnect();
  }
  beforeAll(forget);
  afterAll(forget);

  test(
    "asks for the second step once TOTP is on, and for each login once",
    async () => {
      const app = await startExample(FILE, { REDIS_URL: engine().url });
      expect((await app.post("/login", PASSWORD)).body).toEqual({
        access_token: "demo-key",
        token_type: "Bearer",
      });
      const { secret } = (await app.begin()).body;
      const { body } = await app.confirm(codeAt(secret, Date.now()));

      const login = await app.post("/login", PASSWORD);
      expect(login.body).toEqual({ session_id: expect.any(String) });
      const [first, second] = body.backup_codes;
      const step = (code: string) => app.post("/auth/v1/verify-totp", { ...login.body, code });
      expect((await step("0000-0000-0000-0000")).status).toBe(401);
      expect(await step(first)).toEqual({
        status: 200,
        body: { access_token: "demo-key", token_type: "Bearer" },
      });
      expect((await step(second)).status).toBe(401);
      expect(await keys()).toEqual(["example:totp:1"]);
      expect((await app.post("/login", { ...PASSWORD, password: "x" })).status).toBe(401);
    },
    PATIENCE_MS,
  );
});
