import { describeInBrowser } from "../../helpers/browser.js";
import { follow, press, seeHeading } from "../../helpers/pages-walk.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { DESKTOP, PHONE, useBrowser } from "./open-page.js";
import { startDemo } from "./start-demo.js";
import { enterPassword } from "./steps.js";
import { Visitor } from "./visitor.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(60_000);
afterEach(stopPrograms);

test("the document tells the routes that are there", async () => {
  const visitor = new Visitor(await startDemo());
  const { paths } = JSON.parse((await visitor.get("/openapi.json")).text);
  for (const [path, operations] of Object.entries<object>(paths)) {
    for (const method of Object.keys(operations)) {
      const response = await fetch(visitor.demo.url + path, { method: method.toUpperCase() });
      expect([path, response.status]).toEqual([path, 401]);
    }
  }
  expect(Object.keys(paths)).toHaveLength(5);
});

describeInBrowser("the page of the API", () => {
  const openPage = useBrowser();

  test.each([
    { what: "a light desktop", viewport: DESKTOP, colorScheme: "light" },
    { what: "a dark phone", viewport: PHONE, colorScheme: "dark" },
  ] as const)("sends requests with the demo's key, on $what", async (options) => {
    const demo = await startDemo();
    const page = await openPage(demo.url, options);
    await enterPassword(page);
    await follow(page, "try the API in the browser");
    const operation = page.locator("#operations-TOTP-beginTotpSetup");
    await operation.getByText("Begin TOTP setup").click();
    // The key is there as soon as the button of the lock says that it is.
    await page.locator(".btn.authorize.locked").waitFor();
    await press(page, "Try it out");
    const [answer] = await Promise.all([
      page.waitForResponse(`${demo.url}/auth/v1/users/current/totp/setup`),
      press(page, "Execute"),
    ]);
    expect(answer.status()).toBe(200);
    await operation.locator(".live-responses-table").getByText("qr_code_url").waitFor();
    expect(await page.locator("html.dark-mode").count()).toBe(
      options.colorScheme === "dark" ? 1 : 0,
    );
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await follow(page, "Back to the demo");
    await seeHeading(page, "Welcome");
  });
});
