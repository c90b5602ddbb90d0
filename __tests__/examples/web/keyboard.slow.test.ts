import type { Page } from "playwright-core";
import { describeInBrowser } from "../../helpers/browser.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { useBrowser } from "./open-page.js";
import { DEMO_ACCOUNT, startDemo } from "./start-demo.js";
import { readBackupCodes, readSecret, seeHeading } from "./steps.js";

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

async function typePassword(page: Page): Promise<void> {
  await page.keyboard.type(DEMO_ACCOUNT.email);
  await tabTo(page, "Password");
  await page.keyboard.type(DEMO_ACCOUNT.password);
  await page.keyboard.press("Enter");
}

describeInBrowser("the keyboard", () => {
  const openPage = useBrowser();

  test("is enough to turn it on and to sign in", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url);
    await waitForFocus(page, "Email address");
    await typePassword(page);
    await seeHeading(page, "Security");

    await tabTo(page, "Skip to the content");
    await page.keyboard.press("Enter");
    await tabTo(page, "Turn on");
    await page.keyboard.press("Enter");

    const secret = await readSecret(page);
    await tabTo(page, "Copy key");
    await tabTo(page, "Code");
    await page.keyboard.type(demo.wrongCodes(1, secret)[0] ?? "");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await waitForFocus(page, "Code");
    expect(await readSecret(page)).toBe(secret);
    const code = demo.code(secret);
    await page.keyboard.type(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.keyboard.press("Enter");

    const [, , backupCode = ""] = await readBackupCodes(page);
    await tabTo(page, "I have saved them");
    await page.keyboard.press("Enter");
    await seeHeading(page, "Security");
    await tabTo(page, "Sign out");
    await page.keyboard.press("Enter");
    await seeHeading(page, "Sign in");

    await tabTo(page, "Email address");
    await typePassword(page);
    await seeHeading(page, "Enter your code");
    await waitForFocus(page, "Code");
    await tabTo(page, "Use a backup code instead");
    await page.keyboard.press("Enter");
    await waitForFocus(page, "Backup code");
    await page.keyboard.type(backupCode);
    await page.keyboard.press("Enter");
    await page.getByText("You have 9 left.").and(page.locator(":focus")).waitFor();
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
