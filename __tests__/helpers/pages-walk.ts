// Every page, and every state of it that looks different.
import type { Page } from "playwright-core";
import type { ServedPages } from "./pages-open.js";
import { codeAt, threeCodes, wrongCode, wrongCodes } from "./service.js";

export type Visit = (name: string) => Promise<void>;

export const press = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).click();
export const follow = (page: Page, name: string) =>
  page.getByRole("link", { name, exact: true }).click();
/** A click does not wait for the style sheet of the next page, without which nothing has its size. */
export const whenLoaded =
  (page: Page, visit: Visit): Visit =>
  async (name) => {
    await page.waitForLoadState("load");
    await visit(name);
  };

export const seeHeading = (page: Page, name: string) =>
  page.getByRole("heading", { name, level: 1, exact: true }).waitFor();

export async function enterCode(page: Page, code: string, button: string): Promise<void> {
  await page.getByLabel("Code", { exact: true }).fill(code);
  await press(page, button);
}

export async function readKey(page: Page): Promise<string> {
  const text = await page.locator(".totp-key").textContent();
  return (text ?? "").replaceAll(" ", "");
}

export async function readBackupCodes(page: Page): Promise<string[]> {
  await seeHeading(page, "Backup codes");
  return page.locator(".totp-codes li").allTextContents();
}

/** From the app's own sign-in to the overview, with TOTP on and the code used up. */
export async function turnOnInBrowser(made: ServedPages, page: Page) {
  await press(page, "Sign in as ada");
  await page.goto("/two-factor/setup");
  await press(page, "Continue");
  const key = await readKey(page);
  await enterCode(page, codeAt(key, made.clock.time), "Turn on");
  const backupCodes = await readBackupCodes(page);
  await follow(page, "I have saved them");
  made.clock.advance(30);
  return { key, backupCodes };
}

/** From the app's own sign-in; the app is one without `mustEnroll`. */
export async function walkPages(made: ServedPages, page: Page, look: Visit): Promise<void> {
  const visit = whenLoaded(page, look);
  await page.goto("/two-factor");
  await visit("not signed in");
  await page.goto("/");
  await press(page, "Sign in as ada");
  const key = await walkSetup(made, page, visit);
  await walkLogin(made, page, visit, key);
  for (const path of ["", "setup", "backup-codes", "turn-off", "step-up?to=/payouts"]) {
    await page.goto(`/two-factor/${path}`);
    await visit(path ? `/${path}` : "overview, on");
  }
  await enterCode(page, "x", "Continue");
  await page.getByRole("alert").waitFor();
  await visit("step-up, refused");
}

async function walkSetup(made: ServedPages, page: Page, visit: Visit): Promise<string> {
  await page.goto("/two-factor");
  await visit("overview, off");
  await follow(page, "Set up");
  await seeHeading(page, "Set up two-factor authentication");
  await visit("before the setup");
  await press(page, "Continue");
  const key = await readKey(page);
  await visit("setup");
  await enterCode(page, wrongCode(made.clock.time, key), "Turn on");
  await page.getByRole("alert").waitFor();
  await visit("setup, wrong code");
  await enterCode(page, codeAt(key, made.clock.time + 300_000), "Turn on");
  await page.getByText("5 minutes ahead").waitFor();
  await visit("setup, clock off");
  await enterCode(page, codeAt(key, made.clock.time), "Turn on");
  await readBackupCodes(page);
  await visit("backup codes");
  made.clock.advance(3600);
  return key;
}

async function walkLogin(made: ServedPages, page: Page, visit: Visit, key: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto("/");
  await press(page, "Sign in as ada");
  await seeHeading(page, "Enter your code");
  await visit("login");
  for (const code of wrongCodes(5, made.clock.time, key)) {
    await enterCode(page, code, "Sign in");
    await page.getByRole("alert").waitFor();
  }
  await visit("login, wrong code");
  await enterCode(page, codeAt(key, made.clock.time), "Sign in");
  await page.getByText("Too many wrong codes.").waitFor();
  await visit("login, locked");
  await page.getByLabel("Trust this device").check();
  await enterCode(page, threeCodes(key, made.clock.time, 10), "Sign in");
  await page.getByText("5 minutes ahead").waitFor();
  await visit("login, clock off");
  made.clock.advance(3600);
}

/** With `mustEnroll`, from the app's own sign-in. */
export async function walkMustEnroll(page: Page, look: Visit): Promise<void> {
  const visit = whenLoaded(page, look);
  await page.goto("/");
  await press(page, "Sign in as eve");
  await seeHeading(page, "Set up two-factor authentication");
  await visit("before a setup that has to be");
  await press(page, "Continue");
  await readKey(page);
  await visit("a setup that has to be");
}
