import type { Page } from "playwright-core";
import { describeInBrowser } from "../../helpers/browser.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { useBrowser } from "./open-page.js";
import { type Demo, startDemo } from "./start-demo.js";
import { enterCode, enterPassword, follow, seeHeading, signOut, turnOn } from "./steps.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(60_000);
afterEach(stopPrograms);

async function enterWrongCodes(page: Page, demo: Demo, secret: string, button: string) {
  for (const code of demo.wrongCodes(5, secret)) {
    await enterCode(page, code, button);
    await page.getByRole("alert").waitFor();
  }
}

describeInBrowser("a lock", () => {
  const openPage = useBrowser();

  test("counts down after five wrong codes, and lets a code in at its end", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url);
    await page.clock.install();
    await enterPassword(page);
    const { secret } = await turnOn(page, demo);
    await signOut(page);
    await enterPassword(page);
    await enterWrongCodes(page, demo, secret, "Sign in");

    const timer = page.getByRole("timer");
    const field = page.getByLabel("Code", { exact: true });
    await page.getByRole("alert").getByText("There were too many wrong codes").waitFor();
    await page.getByRole("alert").and(page.locator(":focus")).waitFor();
    await page.getByRole("textbox", { name: "Code", disabled: true }).waitFor();
    await page.getByRole("button", { name: "Sign in", disabled: true }).waitFor();
    await page.clock.fastForward(60_000);
    await timer.getByText(/^1[34]:\d\d$/).waitFor();

    await page.reload();
    await page.getByRole("timer").waitFor();
    await follow(page, "Use a backup code instead");
    await page.getByRole("timer").waitFor();
    await follow(page, "Use your authenticator app instead");
    await page.getByRole("timer").waitFor();

    await demo.advance(900);
    await page.clock.fastForward(900_000);
    await page.getByText("You can try again now.").waitFor({ state: "attached" });
    await field.and(page.locator(":focus")).waitFor();
    expect(await timer.count()).toBe(0);
    await enterCode(page, demo.code(secret), "Sign in");
    await seeHeading(page, "Security");
  });

  test("shows on the pages that ask for a fresh code", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url);
    await enterPassword(page);
    const { secret } = await turnOn(page, demo);
    await follow(page, "Turn off…");
    await enterWrongCodes(page, demo, secret, "Turn off");
    await page.getByRole("timer").waitFor();
    await page.goto(`${demo.url}/security`);
    await follow(page, "New backup codes");
    await page.getByRole("timer").waitFor();
    await page.getByRole("textbox", { name: "Code", disabled: true }).waitFor();
  });
});
