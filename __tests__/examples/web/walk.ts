// Every page of the demo's own, and those of the library whose looks the demo's style sheet can spoil.
import type { Page } from "playwright-core";
import {
  enterCode,
  follow,
  press,
  seeHeading,
  type Visit,
  whenLoaded,
} from "../../helpers/pages-walk.js";
import type { Demo } from "./start-demo.js";
import { enterPassword, setUp, signOut } from "./steps.js";

export async function walkThrough(demo: Demo, page: Page, look: Visit): Promise<void> {
  const visit = whenLoaded(page, look);
  await walkIn(page, visit);
  await visit("start, off");
  await follow(page, "Payouts");
  await seeHeading(page, "Set up two-factor authentication");
  await visit("before the setup");
  const { secret, backupCodes } = await setUp(page, demo);
  await visit("backup codes");
  await follow(page, "I have saved them");
  await seeHeading(page, "Payouts");
  await visit("payouts");
  await page.goto(`${demo.url}/nowhere`);
  await visit("page not found");
  await follow(page, "Go to the start page");
  await visit("start, on");
  await walkSecondStep(demo, page, visit, { secret, backupCode: backupCodes[0] ?? "" });
}

async function walkIn(page: Page, visit: Visit): Promise<void> {
  await visit("sign in");
  await enterPassword(page, { email: "ada@example.com", password: "wrong" });
  await page.getByRole("alert").waitFor();
  await visit("sign in, refused");
  await follow(page, "Sign up");
  await seeHeading(page, "Sign up");
  await visit("sign up");
  await page.getByLabel("Email address").fill("ada@example.com");
  await page.getByLabel("Password").fill("long enough");
  await press(page, "Sign up");
  await page.getByRole("alert").waitFor();
  await visit("sign up, refused");
  await follow(page, "Sign in");
  await enterPassword(page);
  await seeHeading(page, "Welcome");
}

async function walkSecondStep(
  demo: Demo,
  page: Page,
  visit: Visit,
  { secret, backupCode }: { secret: string; backupCode: string },
): Promise<void> {
  await signOut(page);
  await visit("signed out");
  await enterPassword(page);
  for (const code of demo.wrongCodes(6, secret)) {
    await enterCode(page, code, "Sign in");
    await page.getByRole("alert").waitFor();
  }
  await page.getByText("Too many wrong codes.").waitFor();
  await visit("second step, locked");
  await page.getByLabel("Trust this device").check();
  await enterCode(page, backupCode, "Sign in");
  await follow(page, "Two-factor authentication");
  await seeHeading(page, "Two-factor authentication");
  await visit("overview, with a trusted device");
}
