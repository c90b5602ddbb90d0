// What a person does on the pages, by what is to be seen on them.
import type { Page } from "playwright-core";
import {
  enterCode,
  follow,
  press,
  readBackupCodes,
  readKey,
  seeHeading,
} from "../../helpers/pages-walk.js";
import { DEMO_ACCOUNT, type Demo } from "./start-demo.js";

export async function enterPassword(page: Page, account = DEMO_ACCOUNT): Promise<void> {
  await page.getByLabel("Email address").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await press(page, "Sign in");
}

/** From the page for signing in. */
export async function signUp(page: Page, account: typeof DEMO_ACCOUNT): Promise<void> {
  await follow(page, "Sign up");
  await page.getByLabel("Email address").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await press(page, "Sign up");
}

export async function signOut(page: Page): Promise<void> {
  await press(page, "Sign out");
  await seeHeading(page, "Sign in");
}

/** From the page that begins a setup to the backup codes. The code is used up. */
export async function setUp(page: Page, demo: Demo) {
  await press(page, "Continue");
  const secret = await readKey(page);
  await enterCode(page, demo.code(secret), "Turn on");
  const backupCodes = await readBackupCodes(page);
  await demo.advance(30);
  return { secret, backupCodes };
}
