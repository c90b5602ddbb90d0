import { source as axeSource } from "axe-core";
import type { Page } from "playwright-core";
import { describeInBrowser } from "../helpers/browser.js";
import { type OpenedPages, usePages } from "../helpers/pages-open.js";
import {
  follow,
  readBackupCodes,
  readKey,
  seeHeading,
  walkMustEnroll,
  walkPages,
} from "../helpers/pages-walk.js";
import { codeAt } from "../helpers/service.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(300_000);

describeInBrowser("every page in every state", () => {
  const openPages = usePages();

  /** Calls back for each state, and returns the names of all. */
  async function walkAll(look: (page: Page, name: string) => Promise<void>): Promise<string[]> {
    const names: string[] = [];
    const visit =
      ({ page }: OpenedPages) =>
      async (name: string) => {
        names.push(name);
        await look(page, name);
      };
    const opened = await openPages();
    await walkPages(opened.made, opened.page, visit(opened));
    const enrolling = await openPages({ mustEnroll: true });
    await walkMustEnroll(enrolling.page, visit(enrolling));
    return names;
  }

  test("has no violation that axe finds, light and dark", async () => {
    const violations: unknown[] = [];
    const names = await walkAll(async (page, name) => {
      // As a developer tool: the policy of the page stays as it is.
      await page.evaluate(axeSource);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
        const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
          `axe.run({ runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => violations)`,
        );
        for (const { id, nodes } of found) {
          violations.push({ name, colorScheme, id, html: nodes.map(({ html }) => html) });
        }
      }
    });
    expect(violations).toEqual([]);
    expect(names).toHaveLength(19);
  });

  test("fits 320 pixels with text twice as large, and has controls that a finger hits", async () => {
    const faults: string[] = [];
    await walkAll(async (page, name) => {
      for (const [width, size] of [
        [320, "100%"],
        [320, "200%"],
        [1280, "100%"],
      ] as const) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(`document.documentElement.style.fontSize = "${size}"`);
        const pixels = await page.evaluate<number>(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        if (pixels > 0) faults.push(`${name}: ${pixels} pixels beyond ${width}, text ${size}`);
      }
      const controls = page.locator("button:visible, a.totp-button:visible, label.totp-check");
      for (const control of [...(await controls.all()), page.locator("#totp-code")]) {
        if ((await control.count()) === 0) continue;
        const { height = 0 } = (await control.boundingBox()) ?? {};
        if (height < 44) faults.push(`${name}: ${height} pixels high`);
      }
    });
    expect(faults).toEqual([]);
  });

  test("works by keyboard alone, with a focus that is seen", async () => {
    const { made, page } = await openPages();
    const { keyboard } = page;
    const tabTo = async (name: string) => {
      for (let tries = 0; tries < 20; tries++) {
        await keyboard.press("Tab");
        const [text, outline] = await page.evaluate<[string, string]>(
          "[document.activeElement.textContent || document.activeElement.id, getComputedStyle(document.activeElement).outlineStyle]",
        );
        if (text !== name) continue;
        return outline;
      }
      throw new Error(`the focus never comes to ${name}`);
    };
    await tabTo("Sign in as ada");
    await keyboard.press("Enter");
    await page.getByText("home of ada").waitFor();
    await page.goto("/two-factor");
    expect(await tabTo("Set up")).toBe("solid");
    await keyboard.press("Enter");
    await seeHeading(page, "Set up two-factor authentication");
    await tabTo("Continue");
    await keyboard.press("Enter");
    const key = await readKey(page);
    expect(await tabTo("totp-code")).toBe("solid");
    await keyboard.type(codeAt(key, made.clock.time));
    await keyboard.press("Enter");
    await readBackupCodes(page);
    expect(await tabTo("I have saved them")).toBe("solid");
    await keyboard.press("Enter");
    await seeHeading(page, "Two-factor authentication");
    await follow(page, "Turn off");
    // The one field of a page has the focus at once.
    await page.waitForFunction("document.activeElement.id === 'totp-code'");
  });
});
