// What a person does on the pages, by what is to be seen on them.
import type { Page } from "playwright-core";
import { DEMO_ACCOUNT, type Demo } from "./start-demo.js";

export const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name }).click();
export const follow = (page: Page, name: string | RegExp) =>
  page.getByRole("link", { name }).click();

export async function seeHeading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("heading", { name, level: 1 }).waitFor();
}

export async function enterPassword(page: Page, account = DEMO_ACCOUNT): Promise<void> {
  await page.getByLabel("Email address").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await press(page, "Sign in");
}

export async function signUp(page: Page, account: typeof DEMO_ACCOUNT): Promise<void> {
  await follow(page, "Sign up");
  await page.getByLabel("Email address").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await press(page, "Sign up");
  await seeHeading(page, "Security");
}

export async function signOut(page: Page): Promise<void> {
  await press(page, "Sign out");
  await seeHeading(page, "Sign in");
}

export async function enterCode(page: Page, code: string, button: string): Promise<void> {
  await page.getByLabel("Code", { exact: true }).fill(code);
  await press(page, button);
}

export async function enterBackupCode(page: Page, code: string, button: string): Promise<void> {
  await follow(page, "Use a backup code instead");
  await page.getByLabel("Backup code").fill(code);
  await press(page, button);
}

/** The secret as it is to be typed in, which `textContent` has without the gaps. */
export async function readSecret(page: Page): Promise<string> {
  await seeHeading(page, "Set up your authenticator app");
  return (await page.locator("#secret").textContent()) ?? "";
}

export async function readBackupCodes(page: Page): Promise<string[]> {
  await seeHeading(page, /backup codes$/);
  const items = await page.getByRole("region", { name: "Backup codes" }).getByRole("listitem");
  return (await items.allTextContents()).map((text) => text.trim());
}

/** From the security page, with TOTP off, to the security page, with TOTP on and the code used up. */
export async function turnOn(page: Page, demo: Demo) {
  await press(page, "Turn on");
  const secret = await readSecret(page);
  await enterCode(page, demo.code(secret), "Turn on");
  const backupCodes = await readBackupCodes(page);
  await follow(page, "I have saved them");
  await seeHeading(page, "Security");
  await demo.advance(30);
  return { secret, backupCodes };
}
