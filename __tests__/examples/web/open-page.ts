import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser } from "../../helpers/browser.js";

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 900 };

export type OpenPage = (url: string, options?: BrowserContextOptions) => Promise<Page>;

/**
 * A browser for the tests of a `describe`. Each test fails whose pages had an error in their console, a request
 * that failed, or one to another host.
 */
export function useBrowser(): OpenPage {
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());

  return async (url, options) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    listen(page, new URL(url).origin, (complaint) => complaints.push(complaint));
    await page.goto(url);
    return page;
  };
}

function listen(page: Page, origin: string, complain: (complaint: string) => void): void {
  page.on("pageerror", (error) => complain(error.message));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // Chromium itself notes each page that came with such a status, as those with a refused form do.
    const isNote = /^Failed to load resource: .* status of (401|404|422|429) /.test(message.text());
    if (!isNote) complain(message.text());
  });
  page.on("request", (request) => {
    const isHere = request.url().startsWith(`${origin}/`) || request.url().startsWith("data:");
    if (!isHere) complain(`asked for ${request.url()}`);
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // What was still on its way when the page was left.
    if (reason !== "net::ERR_ABORTED") complain(`${request.url()}: ${reason}`);
  });
  page.on("response", (response) => {
    const isPage = response.request().isNavigationRequest();
    if (!isPage && response.status() >= 400) complain(`${response.url()}: ${response.status()}`);
  });
}
