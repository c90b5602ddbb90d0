// Takes a picture of each state of the pages into docs/images.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium, type Page } from "playwright-core";
import { PNG } from "pngjs";
import { servePages } from "../__tests__/helpers/pages-open.js";
import { walkPages } from "../__tests__/helpers/pages-walk.js";

/**
 * Names of pictures by the state that they are of, if they are not named by it; one that ends in "-dark" is in
 * the dark mode.
 */
const PICTURES: Readonly<Record<string, readonly string[]>> = {
  setup: ["setup", "setup-dark"],
  "backup codes": ["backup-codes"],
  login: ["login"],
  "login, locked": ["locked"],
  "overview, on": ["overview"],
  "/step-up?to=/payouts": ["step-up"],
};
const LARGEST_BYTES = 40_000;
const STEP_MS = 30_000;

const folder = path.join(import.meta.dirname, "../docs/images");

async function takePicture(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: name.endsWith("-dark") ? "dark" : "light" });
  const picture = shrink(await page.screenshot({ fullPage: true, caret: "hide" }));
  if (picture.length > LARGEST_BYTES) throw new Error(`${name}: ${picture.length} bytes`);
  writeFileSync(path.join(folder, `${name}.png`), picture);
  console.log(`docs/images/${name}.png: ${picture.length} bytes`);
}

/** A path is the form that stands there, before anything is sent. */
function nameOf(state: string): string {
  const name = state.replace(/[^a-z]+/gi, "-").replace(/^-|-$/g, "");
  return state.startsWith("/") ? `${name}-form` : name;
}

/**
 * Chromium compresses for speed. Fewer shades at the edges of letters are hardly seen and much smaller, as are
 * areas of one color without a filter.
 */
function shrink(picture: Buffer): Buffer {
  const options = { deflateLevel: 9, deflateStrategy: 0, filterType: 0, colorType: 2 } as const;
  const image = PNG.sync.read(picture);
  image.data = image.data.map((value) => (value & 0xf8) | (value >> 5)) as Buffer;
  return PNG.sync.write(image, options);
}

mkdirSync(folder, { recursive: true });
const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
// Text in shades of gray makes smaller files than text in colors.
const args = ["--no-sandbox", "--disable-gpu", "--disable-lcd-text"];
const browser = await chromium.launch({ executablePath, args });
const made = await servePages({
  service: { backupCodes: {}, accountName: () => "ada@example.com" },
});
// Half-way through a time step, so that no code is of another one.
made.clock.time = (Math.floor(Date.now() / STEP_MS) + 0.5) * STEP_MS;
try {
  const page = await browser.newPage({
    baseURL: made.url,
    viewport: { width: 480, height: 300 },
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
  });
  await walkPages(made, page, async (state) => {
    for (const name of PICTURES[state] ?? [nameOf(state)]) await takePicture(page, name);
  });
} finally {
  await browser.close();
  await made.stop();
}
