import type { BrowserContextOptions, Page } from "playwright-core";
import { describeInBrowser } from "../../helpers/browser.js";
import { codeAt } from "../../helpers/service.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { useBrowser } from "./open-page.js";
import { type Demo, startDemo } from "./start-demo.js";
import { enterCode, enterPassword, follow, press, seeHeading, signOut, turnOn } from "./steps.js";

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
    await page.getByRole("alert").getByText("There were too many wrong codes").waitFor();
    await page.getByRole("alert").and(page.locator(":focus")).waitFor();
    await page.getByLabel("Three codes in a row").waitFor();
    await page.getByText("Nobody else ever asks you for them").waitFor();
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
    await page.locator("[aria-live=polite]").getByText("single code again").waitFor();
    expect(await timer.count()).toBe(0);
    await follow(page, "You can enter a single code again");
    // By then the login is over, too.
    await page.getByText("Enter your password again.").waitFor();
    await enterPassword(page);
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
    await page.getByLabel("Three codes in a row").waitFor();
  });

  async function openLocked(options?: BrowserContextOptions) {
    const demo = await startDemo();
    const page = await openPage(demo.url, options);
    await enterPassword(page);
    const { secret, backupCodes } = await turnOn(page, demo);
    await signOut(page);
    await enterPassword(page);
    await enterWrongCodes(page, demo, secret, "Sign in");
    return { demo, page, secret, backupCodes };
  }

  test.each([
    ["with JavaScript", true],
    ["without JavaScript", false],
  ])("lets its owner in by a backup code, %s", async (_, javaScriptEnabled) => {
    const { page, backupCodes } = await openLocked({ javaScriptEnabled });
    await follow(page, /^a backup code$/);
    await page.getByLabel("Backup code").fill(backupCodes[0] ?? "");
    await press(page, "Sign in");
    await page.getByText("You have 9 left.").waitFor();
  });

  test.each([
    ["with JavaScript", true],
    ["without JavaScript", false],
  ])("lets its owner in by three codes in a row, %s", async (_, javaScriptEnabled) => {
    const { demo, page, secret } = await openLocked({ javaScriptEnabled });
    const codes = [0, 30_000, 60_000].map((ms) => codeAt(secret, demo.now() + ms));
    await page.getByLabel("Three codes in a row").fill(codes.join(" "));
    await press(page, "Sign in");
    await seeHeading(page, "Security");
  });

  test("tells its owner by three codes how far the clock is off", async () => {
    const { demo, page, secret } = await openLocked();
    const codes = [0, 30_000, 60_000].map((ms) => codeAt(secret, demo.now() + 240_000 + ms));
    await page.getByLabel("Three codes in a row").fill(codes.join(""));
    await press(page, "Sign in");
    await page.getByText(/The clock of your phone is about [45] minutes ahead/).waitFor();
  });
});
