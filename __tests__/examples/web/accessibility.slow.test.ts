import { source as axeSource } from "axe-core";
import { describeInBrowser } from "../../helpers/browser.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { useBrowser } from "./open-page.js";
import { startDemo } from "./start-demo.js";
import { walkThrough } from "./walk.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(300_000);
afterEach(stopPrograms);

describeInBrowser("every page", () => {
  const openPage = useBrowser();

  test("has no violation that axe finds, in both color schemes, narrow and wide", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url);
    const violations: unknown[] = [];
    await walkThrough(demo, page, async (name) => {
      // A script of the developer tools: the page's own policy stays as it is.
      await page.evaluate(axeSource);
      for (const colorScheme of ["light", "dark"] as const) {
        for (const width of [360, 1280]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 800 });
          const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
            "axe.run().then(({ violations }) => violations)",
          );
          for (const { id, nodes } of found) {
            violations.push({ name, colorScheme, width, id, html: nodes.map(({ html }) => html) });
          }
        }
      }
    });
    expect(violations).toEqual([]);
  });

  test("fits onto narrow screens without scrolling sideways, and has one heading on top", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url);
    const faults: string[] = [];
    await walkThrough(demo, page, async (name) => {
      for (const width of [320, 360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const beyond =
          "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        const pixels = await page.evaluate<number>(beyond);
        if (pixels > 0) faults.push(`${name}: ${pixels} pixels beyond ${width}`);
      }
      if ((await page.getByRole("heading", { level: 1 }).count()) !== 1) faults.push(name);
    });
    expect(faults).toEqual([]);
  });

  test("has controls that a finger hits: 44 pixels high", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url, { viewport: { width: 360, height: 740 } });
    const low: unknown[] = [];
    await walkThrough(demo, page, async (name) => {
      const controls = page.locator(
        "button:visible, a.button:visible, a.totp-button:visible, input:visible",
      );
      for (const control of await controls.all()) {
        const { height = 0 } = (await control.boundingBox()) ?? {};
        if (height < 44) low.push([name, await control.textContent(), height]);
      }
    });
    expect(low).toEqual([]);
  });
});
