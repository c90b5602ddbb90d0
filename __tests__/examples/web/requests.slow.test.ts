import type { RequestListener } from "node:http";
import { describeInBrowser } from "../../helpers/browser.js";
import { seeHeading } from "../../helpers/pages-walk.js";
import { withServer } from "../../helpers/servers.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { useBrowser } from "./open-page.js";
import { complaintsOf, startDemo } from "./start-demo.js";
import { enterPassword } from "./steps.js";
import { leadsTo, Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(30_000);
afterEach(stopPrograms);

test("pages may load nothing from elsewhere, and run nothing inline", async () => {
  const visitor = new Visitor(await startDemo());
  await visitor.enterPassword();
  for (const page of ["/sign-in", "/sign-up", "/two-factor", "/nowhere", "/api-docs"]) {
    const { headers } = await visitor.get(page);
    // The library's pages have a policy of their own beside it.
    const [policy] = (headers.get("content-security-policy") ?? "").split(", ");
    expect(policy?.split(";")).toEqual([
      "default-src 'none'",
      "img-src 'self' data:",
      ...["style-src", "script-src", "connect-src", "form-action"].map((each) => `${each} 'self'`),
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.has("strict-transport-security")).toBe(false);
    expect(headers.has("x-powered-by")).toBe(false);
  }
});

test("the cookie is out of reach of scripts and of other sites", async () => {
  const { headers } = await new Visitor(await startDemo()).enterPassword();
  expect(headers.getSetCookie()).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Lax$/)]);
});

test("a form of its own is taken, also from a browser that says no more than the origin", async () => {
  const demo = await startDemo();
  const visitor = new Visitor(demo);
  await visitor.enterPassword();
  const answer = await visitor.post("/sign-out", {}, { Origin: demo.url });
  expect(leadsTo(answer)).toBe("303 /sign-in");
});

test("a body that is too large is refused, and nothing of it is logged", async () => {
  const demo = await startDemo();
  const answer = await new Visitor(demo).post("/sign-in", { password: "x".repeat(5000) });
  expect(answer.status).toBe(413);
  demo.program.kill("SIGTERM");
  expect(complaintsOf((await demo.program.ended).stderr)).toBe("");
});

describeInBrowser("a page of another site", () => {
  const openPage = useBrowser();

  test("cannot send the demo's forms in its user's name", async () => {
    const demo = await startDemo();
    const trap: RequestListener = (_req, res) => {
      res.setHeader("Content-Type", "text/html");
      res.end(`<form method="post" action="${demo.url}/sign-out"><button>Win!</button></form>`);
    };
    await withServer(trap, async (port) => {
      const page = await openPage(demo.url);
      await enterPassword(page);
      await seeHeading(page, "Welcome");
      const foreign = await page.context().newPage();
      await foreign.goto(`http://127.0.0.1:${port}`);
      const [answer] = await Promise.all([
        foreign.waitForResponse(`${demo.url}/sign-out`),
        foreign.getByRole("button").click(),
      ]);
      expect(answer.status()).toBe(403);
      await page.reload();
      await seeHeading(page, "Welcome");
      await page.context().close();
    });
  });
});
