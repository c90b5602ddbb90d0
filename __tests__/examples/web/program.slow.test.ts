// The demo as a newcomer runs it.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { describeInBrowser, openBrowser } from "../../helpers/browser.js";
import { itWith } from "../../helpers/programs.js";
import { startProgram, stopPrograms } from "../../helpers/snippets-program.js";
import { complaintsOf, root, SERVER, startDemo } from "./start-demo.js";
import { Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);
afterEach(stopPrograms);

test("git ignores its database", () => {
  const ignored = readFileSync(path.join(root, ".gitignore"), "utf8").split("\n");
  expect(ignored).toContain("examples/web/data/");
});

itWith("curl", "prints a command that begins the setup when it is pasted", async () => {
  const { greeting, url } = await startDemo();
  const [, command = ""] = /^ +(curl .*)$/m.exec(greeting) ?? [];
  expect(command).toContain(`${url}/auth/v1/users/current/totp/setup`);
  const { status, stdout } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    qr_code_url: expect.stringMatching(/^data:image\/png;base64,/),
    secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
  });
});

test("prints an account and a key that work", async () => {
  const demo = await startDemo({}, "real");
  const [, email = "", password = ""] =
    /sign in as (\S+) with the password (\S+),/.exec(demo.greeting) ?? [];
  const visitor = new Visitor(demo);
  await visitor.enterPassword({ email, password });
  expect((await visitor.get("/")).text).toContain(email);
  const [, key = ""] = /API key is (\S+)\./.exec(demo.greeting) ?? [];
  const path = "/auth/v1/users/current/totp/status";
  expect((await visitor.get(path, { "X-API-Key": key })).status).toBe(200);
  expect((await visitor.get(path, { "X-API-Key": `${key}x` })).status).toBe(401);
});

test("says what to do when the port is taken", async () => {
  const other = createServer().listen(0, "localhost");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  try {
    const env = { PORT: String(port), DATABASE: ":memory:" };
    const { status, stderr } = await startProgram(SERVER, { cwd: root, env }).ended;
    const advice = `Port ${port} is taken. Choose another one: PORT=${port + 1} npm start\n`;
    expect([status, complaintsOf(stderr)]).toEqual([1, advice]);
  } finally {
    other.close();
  }
});

describeInBrowser("with a browser at the page", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("ends on %s with nothing left open", async (signal) => {
    const { program, url } = await startDemo();
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(url);
      program.kill(signal);
      const { stderr, ...ended } = await program.ended;
      expect({ ...ended, stderr: complaintsOf(stderr) }).toMatchObject({ status: 0, stderr: "" });
    } finally {
      await browser.close();
    }
  });
});
