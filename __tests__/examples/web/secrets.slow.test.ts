import { stopPrograms } from "../../helpers/snippets-program.js";
import { startDemo } from "./start-demo.js";
import { Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);
afterEach(stopPrograms);

const PAGES = ["/", "/payouts", "/sign-in", "/two-factor", "/two-factor/setup", "/nowhere"];

test("no page shows a secret or a backup code after the one that it belongs to", async () => {
  const visitor = new Visitor(await startDemo());
  const { secret, backupCodes } = await visitor.turnOn();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(backupCodes).toHaveLength(10);
  for (const page of PAGES) {
    const { text } = await visitor.get(page);
    expect(text).toContain("Demo");
    for (const each of [secret, ...backupCodes]) expect(text).not.toContain(each);
    expect(text).not.toContain("otpauth:");
  }
});

test("a session turns it on only soon after it has signed in", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  await visitor.enterPassword();
  await demo.advance(600);
  const refused = await visitor.post("/two-factor/setup");
  expect(refused.status).toBe(403);
  expect(refused.text).toContain("Sign in again to set this up.");
  expect(refused.text).toContain('href="/sign-in"');
  expect((await visitor.get("/sign-in")).text).toContain('name="password"');
  await visitor.enterPassword();
  expect(await visitor.beginSetup()).toMatch(/^[A-Z2-7]{32}$/);
});
