// What the script adds, and that everything works without it, under the strictest policy.
import { text } from "node:stream/consumers";
import { describeInBrowser, scanWithJsQr } from "../helpers/browser.js";
import { createDeferred } from "../helpers/deferred.js";
import { usePages } from "../helpers/pages-open.js";
import {
  enterCode,
  follow,
  press,
  readBackupCodes,
  readKey,
  seeHeading,
  turnOnInBrowser,
} from "../helpers/pages-walk.js";
import { codeAt, lock, wrongCode } from "../helpers/service.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(120_000);

describeInBrowser("the pages", () => {
  const openPages = usePages();

  test("work without JavaScript: setup, codes, login, step-up, revoke, off", async () => {
    const { made, page } = await openPages({}, { javaScriptEnabled: false });
    await press(page, "Sign in as ada");
    await page.goto("/payouts");
    await seeHeading(page, "Set up two-factor authentication");
    await press(page, "Continue");
    const key = await readKey(page);
    expect(await page.getByRole("button", { name: "Copy" }).isVisible()).toBe(false);
    await enterCode(page, wrongCode(made.clock.time, key), "Turn on");
    await page.getByRole("alert").waitFor();
    expect(await readKey(page)).toBe(key);
    await enterCode(page, codeAt(key, made.clock.time), "Turn on");
    const [first = "", second = "", third = ""] = await readBackupCodes(page);
    await follow(page, "I have saved them");
    await page.getByText("paid by ada").waitFor();

    await page.context().clearCookies();
    await page.goto("/");
    await press(page, "Sign in as ada");
    await page.getByLabel("Trust this device").check();
    await enterCode(page, first, "Sign in");
    await page.getByText("home of ada").waitFor();
    await page.goto("/");
    // The device is trusted now.
    await press(page, "Sign in as ada");
    await page.getByText("home of ada").waitFor();
    made.clock.advance(301);
    await page.goto("/payouts");
    await enterCode(page, second, "Continue");
    await page.getByText("paid by ada").waitFor();
    await page.goto("/two-factor");
    await press(page, "Revoke");
    await seeHeading(page, "Two-factor authentication");
    expect(await page.getByRole("button", { name: "Revoke" }).count()).toBe(0);
    await follow(page, "Turn off");
    await enterCode(page, third, "Turn off");
    await page.getByText("Off", { exact: true }).waitFor();
  });

  test("have a QR code that scans, also in the dark", async () => {
    const { page } = await openPages({}, { colorScheme: "dark" });
    await press(page, "Sign in as ada");
    await page.goto("/two-factor/setup");
    await press(page, "Continue");
    const key = await readKey(page);
    const scanned = scanWithJsQr(await page.screenshot());
    expect(scanned).toBe(`otpauth://totp/Acme:ada?secret=${key}&issuer=Acme`);
    const link = page.getByRole("link", { name: "Open in an authenticator app on this device" });
    expect(await link.getAttribute("href")).toBe(scanned);
  });

  test("copy, download and print", async () => {
    const { made, page } = await openPages(
      {},
      {
        permissions: ["clipboard-read", "clipboard-write"],
      },
    );
    await page.addInitScript("window.print = () => { window.isPrinted = true; }");
    const clipboard = () => page.evaluate("navigator.clipboard.readText()");
    await press(page, "Sign in as ada");
    await page.goto("/two-factor/setup");
    await press(page, "Continue");
    const key = await readKey(page);
    await press(page, "Copy");
    await page.getByText("Copied").waitFor();
    expect(await clipboard()).toBe(key);
    await enterCode(page, codeAt(key, made.clock.time), "Turn on");
    const codes = await readBackupCodes(page);
    await press(page, "Copy");
    await page.getByText("Copied").waitFor();
    expect(await clipboard()).toBe(codes.join("\n"));
    const [download] = await Promise.all([page.waitForEvent("download"), press(page, "Download")]);
    expect(download.suggestedFilename()).toBe("backup-codes.txt");
    expect(await text(await download.createReadStream())).toBe(`${codes.join("\n")}\n`);
    await press(page, "Print");
    expect(await page.evaluate("window.isPrinted")).toBe(true);
    await page.emulateMedia({ media: "print" });
    expect(await page.getByText(codes[0] ?? "").isVisible()).toBe(true);
    expect(await page.getByRole("button", { name: "Print" }).isVisible()).toBe(false);
  });

  test("count a lock down, which screen readers are spared", async () => {
    const { made, page } = await openPages();
    const { key } = await turnOnInBrowser(made, page);
    await lock(made, "ada", key);
    await page.clock.install();
    await follow(page, "Turn off");
    await enterCode(page, codeAt(key, made.clock.time), "Turn off");
    const countdown = page.locator("[data-totp-countdown]");
    await countdown.waitFor();
    await page.clock.pauseAt(await page.evaluate<number>("Date.now() + 5000"));
    const seconds = async () => {
      const [minutes = "", rest = ""] = ((await countdown.textContent()) ?? "").split(":");
      return Number(minutes) * 60 + Number(rest);
    };
    const before = await seconds();
    expect(before).toBeGreaterThan(800);
    await page.clock.runFor(61_000);
    expect(before - (await seconds())).toBe(61);
    await page.clock.runFor(1_000_000);
    expect(await countdown.textContent()).toBe("0:00");
    expect(await countdown.getAttribute("aria-hidden")).toBe("true");
  });

  test("take two clicks for one, so that nobody misses the backup codes", async () => {
    const arrived = createDeferred();
    const held = createDeferred();
    let posts = 0;
    const { made, page } = await openPages({
      before: (app) =>
        app.post("/two-factor/setup/confirm", (_req, _res, next) => {
          posts++;
          arrived.resolve();
          held.promise.then(() => next());
        }),
    });
    await press(page, "Sign in as ada");
    await page.goto("/two-factor/setup");
    await press(page, "Continue");
    const key = await readKey(page);
    await page.getByLabel("Code", { exact: true }).fill(codeAt(key, made.clock.time));
    // Playwright waits for a page that is being left: another tab of the app says when to click again.
    const tab = await page.context().newPage();
    await tab.goto("/");
    await page.evaluate(`{
      const button = document.querySelector("form button");
      addEventListener("storage", () => { button.click(); localStorage.clicked = "twice"; }, { once: true });
      setTimeout(() => button.click());
    }`);
    await arrived.promise;
    await tab.evaluate("localStorage.again = 'now'");
    await tab.waitForFunction("localStorage.clicked === 'twice'");
    held.resolve();
    expect(await readBackupCodes(page)).toHaveLength(3);
    expect(posts).toBe(1);
  });

  test("go on from the back button with the same QR code", async () => {
    const { made, page } = await openPages();
    await press(page, "Sign in as ada");
    await page.goto("/two-factor/setup");
    await press(page, "Continue");
    const key = await readKey(page);
    await enterCode(page, wrongCode(made.clock.time, key), "Turn on");
    await page.getByRole("alert").waitFor();
    await page.reload();
    expect(await readKey(page)).toBe(key);
    const tab = await page.context().newPage();
    await tab.goto("/two-factor/setup");
    await press(tab, "Continue");
    expect(await readKey(tab)).toBe(key);
    await tab.goBack();
    await press(tab, "Continue");
    expect(await readKey(tab)).toBe(key);
    await enterCode(tab, codeAt(key, made.clock.time), "Turn on");
    await readBackupCodes(tab);
  });

  test("cannot be framed", async () => {
    const { made, page } = await openPages({
      before: (app) =>
        app.get("/frame", (_req, res) => {
          res.removeHeader("Content-Security-Policy");
          res.send('<!doctype html><title>Frame</title><iframe src="/two-factor"></iframe>');
        }),
    });
    // The browser complains, as it should; the listeners of this page are not asked.
    page.removeAllListeners("console");
    await page.goto(`${made.url}/frame`);
    const frame = page.frames()[1];
    await page.waitForLoadState("load");
    expect(frame?.url()).not.toContain("/two-factor");
  });
});
