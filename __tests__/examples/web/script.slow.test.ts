// What the pages' little script adds.
import type { BrowserContextOptions, Page } from "playwright-core";
import { describeInBrowser } from "../../helpers/browser.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { useBrowser } from "./open-page.js";
import { type Demo, startDemo } from "./start-demo.js";
import { enterCode, enterPassword, press, readBackupCodes, readSecret } from "./steps.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(60_000);
afterEach(stopPrograms);

const announced = (page: Page, text: string) =>
  page.locator("[aria-live=polite]").getByText(text).waitFor({ state: "attached" });

describeInBrowser("the script", () => {
  const openPage = useBrowser();

  async function openSetup(demo: Demo, options: BrowserContextOptions = {}, script = "") {
    const page = await openPage(demo.url, options);
    await page.addInitScript(script);
    await enterPassword(page);
    await press(page, "Turn on");
    return { page, secret: await readSecret(page) };
  }

  const paste = async (page: Page) => {
    await page.evaluate("document.body.append(document.createElement('textarea'))");
    const area = page.locator("textarea");
    await area.press("Control+V");
    return area.inputValue();
  };

  test.each(["with the clipboard", "without it, as on a page over plain HTTP"])(
    "copies the key and the codes, %s",
    async (title) => {
      const demo = await startDemo();
      const hasClipboard = !title.startsWith("without");
      const { page, secret } = await openSetup(
        demo,
        { permissions: ["clipboard-read", "clipboard-write"] },
        hasClipboard ? "" : "delete Navigator.prototype.clipboard",
      );
      expect(await page.evaluate("navigator.clipboard !== undefined")).toBe(hasClipboard);
      // It says so for two seconds only.
      const copied = page.getByRole("button", { name: "Copied" }).waitFor();
      await Promise.all([copied, press(page, "Copy key"), announced(page, "Copied")]);
      await page.getByRole("button", { name: "Copy key" }).waitFor();
      expect(await paste(page)).toBe(secret);

      await enterCode(page, demo.code(secret), "Turn on");
      const codes = await readBackupCodes(page);
      await press(page, "Copy");
      await announced(page, "Copied");
      expect((await paste(page)).trim().split(/\s+/)).toEqual(codes);
    },
  );

  test("prints the backup codes, whose they are, and nothing else", async () => {
    const demo = await startDemo();
    const { page, secret } = await openSetup(demo);
    await page.addInitScript("window.print = () => { window.isPrinted = true; }");
    await enterCode(page, demo.code(secret), "Turn on");
    const codes = await readBackupCodes(page);
    await press(page, "Print");
    expect(await page.evaluate("isPrinted")).toBe(true);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const lines = (await page.evaluate<string>("document.body.innerText")).split(/\n+/);
    const printed = lines.map((line) => line.trim()).filter(Boolean);
    expect(printed[0]).toMatch(/^Demo: backup codes for ada@example\.com, \w+ \d+, \d{4}$/);
    expect(printed.slice(1)).toEqual(codes);
  });

  test("is not needed for the field of a code: the browser asks for digits by itself", async () => {
    const demo = await startDemo();
    const { page, secret } = await openSetup(demo);
    const code = page.getByLabel("Code", { exact: true });
    expect(await code.getAttribute("inputmode")).toBe("numeric");
    expect(await code.getAttribute("autocomplete")).toBe("one-time-code");
    await code.fill("12345");
    await press(page, "Turn on");
    expect(
      await code.evaluate<boolean, { validity: { patternMismatch: boolean } }>(
        ({ validity }) => validity.patternMismatch,
      ),
    ).toBe(true);
    expect(await readSecret(page)).toBe(secret);
  });
});
