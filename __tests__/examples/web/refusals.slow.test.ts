import { stopPrograms } from "../../helpers/snippets-program.js";
import { type Demo, startDemo } from "./start-demo.js";
import { Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(stopPrograms);

test.each([
  { email: "ada@example.com", password: "analytical-engin" },
  { email: "ada@example.com", password: "" },
  { email: "nobody@example.com", password: "analytical-engine" },
  { email: "", password: "" },
])("a wrong password and an unknown user are told alike: %j", async (account) => {
  const { status, text } = await new Visitor(demo).enterPassword(account);
  expect(status).toBe(422);
  expect(text).toContain("The email address or the password is wrong.");
});

test.each([
  { email: "ada", password: "long enough", says: "Enter an email address" },
  { email: "ada:1@example.com", password: "long enough", says: "Enter an email address" },
  { email: "a\u0000b@example.com", password: "long enough", says: "Enter an email address" },
  { email: "new@example.com", password: "short", says: "at least 8 characters" },
  { email: "ADA@example.com ", password: "long enough", says: "There is an account" },
])("signing up is refused: $email, $password", async ({ says, ...account }) => {
  const { status, text } = await new Visitor(demo).post("/sign-up", account);
  expect(status).toBe(422);
  expect(text).toContain(says);
});

test("what a user typed is escaped", async () => {
  const email = `"><script>alert(1)</script>@example.com`;
  const { status, text } = await new Visitor(demo).post("/sign-up", { email, password: "short" });
  expect(status).toBe(422);
  expect(text).not.toContain("<script>alert");
  expect(text).toContain("&lt;script&gt;alert");
});

test.each([
  ["Sec-Fetch-Site", "cross-site"],
  ["Sec-Fetch-Site", "same-site"],
  ["Origin", "http://other.example"],
  ["Origin", "null"],
])("a form of another site is refused: %s %s", async (header, value) => {
  const visitor = new Visitor(demo);
  await visitor.enterPassword();
  const { status, text } = await visitor.post("/sign-out", {}, { [header]: value });
  expect(status).toBe(403);
  expect(text).toContain("This form was sent by another site.");
  expect((await visitor.get("/")).status).toBe(200);
});
