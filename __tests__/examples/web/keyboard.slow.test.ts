import type { Page } from "playwright-core";
import { describeInBrowser } from "../../helpers/browser.js";
import { seeHeading } from "../../helpers/pages-walk.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { useBrowser } from "./open-page.js";
import { DEMO_ACCOUNT, startDemo } from "./start-demo.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(60_000);
afterEach(stopPrograms);

interface Focused {
  name: string;
  hasRing: boolean;
}

const FOCUSED = `(() => {
  const { labels, textContent } = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return {
    name: (labels?.[0] ?? document.activeElement).textContent.trim(),
    hasRing: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
  };
})()`;

/** Presses Tab until the focus is on what has this name, and expects a ring around all that it passes. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  while (passed.at(-1) !== name) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate<Focused>(FOCUSED);
    if (passed.includes(focused.name)) throw new Error(`no ${name} among ${passed.join(", ")}`);
    passed.push(focused.name);
    expect(focused).toEqual({ name: focused.name, hasRing: true });
  }
}

async function waitForFocus(page: Page, label: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).and(page.locator(":focus")).waitFor();
}

describeInBrowser("the keyboard", () => {
  const openPage = useBrowser();

  test("is enough to sign in, to go on to the library's pages, and to sign out", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url);
    await waitForFocus(page, "Email address");
    await page.keyboard.type(DEMO_ACCOUNT.email);
    await tabTo(page, "Password");
    await page.keyboard.type(DEMO_ACCOUNT.password);
    await page.keyboard.press("Enter");
    await seeHeading(page, "Welcome");

    await tabTo(page, "Skip to the content");
    await page.keyboard.press("Enter");
    await tabTo(page, "Two-factor authentication");
    await page.keyboard.press("Enter");
    await seeHeading(page, "Two-factor authentication");
    await tabTo(page, "Sign out");
    await page.keyboard.press("Enter");
    await page.getByText("You are signed out.").and(page.locator(":focus")).waitFor();
  });

  test("is led to the field that is wrong, and the field says why", async () => {
    const demo = await startDemo();
    const page = await openPage(`${demo.url}/sign-up`);
    await page.getByLabel("Email address").fill(DEMO_ACCOUNT.email);
    await page.getByLabel("Password").fill("long enough");
    await page.keyboard.press("Enter");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    await waitForFocus(page, "Email address");
    const field = page.getByLabel("Email address");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await field.getAttribute("aria-describedby")).toBe(await alert.getAttribute("id"));
    expect(await field.inputValue()).toBe(DEMO_ACCOUNT.email);
    expect(await page.getByLabel("Password").inputValue()).toBe("");
    expect(await page.title()).toMatch(/^Error: /);
  });
});
