import { stopPrograms } from "../../helpers/snippets-program.js";
import { DEMO_ACCOUNT, GRACE, startDemo } from "./start-demo.js";
import { leadsTo, Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);
afterEach(stopPrograms);

test("ten wrong passwords are allowed per account in 15 minutes, from wherever they come", async () => {
  const demo = await startDemo();
  await new Visitor(demo).post("/sign-up", GRACE);
  const wrong = { ...DEMO_ACCOUNT, password: "wrong" };
  for (let i = 0; i < 10; i++) {
    expect((await new Visitor(demo).enterPassword(wrong)).status).toBe(422);
  }
  const email = ` ${DEMO_ACCOUNT.email.toUpperCase()}`;
  for (const account of [DEMO_ACCOUNT, { ...DEMO_ACCOUNT, email }]) {
    const { status, headers, text } = await new Visitor(demo).enterPassword(account);
    expect([status, headers.get("retry-after")]).toEqual([429, "900"]);
    expect(text).toContain("There were too many wrong passwords.");
  }
  expect(leadsTo(await new Visitor(demo).enterPassword(GRACE))).toBe("303 /");
  await demo.advance(900);
  expect(leadsTo(await new Visitor(demo).enterPassword())).toBe("303 /");
});

test("right passwords are not limited", async () => {
  const demo = await startDemo();
  for (let i = 0; i < 11; i++) {
    expect(leadsTo(await new Visitor(demo).enterPassword())).toBe("303 /");
  }
});
