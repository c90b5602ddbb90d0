import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser } from "./browser.js";
import { createPagesApp, type PagesApp, type PagesAppOptions } from "./pages-app.js";

/** As strict as a policy can be for pages with a style sheet, a script and forms. */
export const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'";

/** An app with pages that listens. */
export interface ServedPages extends PagesApp {
  url: string;
  stop(): Promise<void>;
}

export async function servePages(options: PagesAppOptions = {}): Promise<ServedPages> {
  const made = createPagesApp({
    ...options,
    before: (app) => {
      app.use((_req, res, next) => {
        res.setHeader("Content-Security-Policy", POLICY);
        next();
      });
      // Stands for the app's own first step of a sign-in.
      app.get("/", (_req, res) => {
        const form = (user: string) =>
          `<form method="post" action="/sign-in/${user}"><button>Sign in as ${user}</button></form>`;
        res.send(`<!doctype html><html lang="en"><title>Acme</title>${form("ada")}${form("eve")}`);
      });
      app.get("/favicon.ico", (_req, res) => res.status(204).end());
      options.before?.(app);
    },
  });
  const server = made.app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { ...made, url: `http://localhost:${port}`, stop };
}

export interface OpenedPages {
  made: ServedPages;
  page: Page;
}

/**
 * Pages in a browser, for the tests of a `describe`. Each test fails in which a page broke the policy, or had
 * another error in its console.
 */
export function usePages() {
  let browser: Browser;
  const complaints: string[] = [];
  const served: ServedPages[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await Promise.all(served.splice(0).map(({ stop }) => stop()));
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());

  return async (
    options?: PagesAppOptions,
    contextOptions?: BrowserContextOptions,
  ): Promise<OpenedPages> => {
    const made = await servePages(options);
    served.push(made);
    const context = await browser.newContext({ baseURL: made.url, ...contextOptions });
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // Chromium notes each page that came with such a status.
      const isNote = /status of 4\d\d /.test(message.text());
      if (["error", "warning"].includes(message.type()) && !isNote) complaints.push(message.text());
    });
    await page.goto("/");
    return { made, page };
  };
}
