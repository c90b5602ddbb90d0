// Every page of the demo, and every state of it that looks different.
import type { Page } from "playwright-core";
import type { Demo } from "./start-demo.js";
import {
  enterBackupCode,
  enterCode,
  enterPassword,
  follow,
  press,
  readBackupCodes,
  readSecret,
  seeHeading,
  signOut,
} from "./steps.js";

type Visit = (name: string) => Promise<void>;

export async function walkThrough(demo: Demo, page: Page, visit: Visit): Promise<void> {
  await walkIn(page, visit);
  const secret = await walkSetup(demo, page, visit);
  await walkChanges(demo, page, visit);
  await walkDevices(demo, page, visit, secret);
  await walkSecondStep(demo, page, visit, secret);
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
  await seeHeading(page, "Security");
}

async function walkSetup(demo: Demo, page: Page, visit: Visit): Promise<string> {
  await visit("security, off");
  await press(page, "Turn on");
  const secret = await readSecret(page);
  await visit("setup");
  await enterCode(page, demo.wrongCodes(1, secret)[0] ?? "", "Turn on");
  await page.getByRole("alert").waitFor();
  await visit("setup, wrong code");
  await enterCode(page, demo.code(secret), "Turn on");
  await readBackupCodes(page);
  await visit("backup codes");
  await follow(page, "I have saved them");
  await seeHeading(page, "Security");
  await demo.advance(30);
  return secret;
}

async function walkChanges(demo: Demo, page: Page, visit: Visit): Promise<void> {
  await visit("security, on");
  for (const change of ["New backup codes", "Move to another phone", "Turn off…"]) {
    await page.goto(`${demo.url}/security`);
    await follow(page, change);
    await page.getByLabel("Code", { exact: true }).waitFor();
    await visit(change);
  }
  await page.goto(`${demo.url}/nowhere`);
  await seeHeading(page, "Page not found");
  await visit("page not found");
  await page.goto(`${demo.url}/security`);
}

async function walkDevices(demo: Demo, page: Page, visit: Visit, secret: string) {
  await signOut(page);
  await enterPassword(page);
  await page.getByLabel("Trust this device").check();
  await enterCode(page, demo.code(secret), "Sign in");
  await seeHeading(page, "Security");
  await demo.advance(30);
  await visit("security, with a trusted device");
  await press(page, /^Revoke/);
  await page.getByText("That device is not trusted any more.").waitFor();
  await visit("security, device revoked");
}

async function walkSecondStep(demo: Demo, page: Page, visit: Visit, secret: string) {
  await signOut(page);
  await visit("signed out");
  await enterPassword(page);
  await seeHeading(page, "Enter your code");
  await visit("second step");
  await enterBackupCode(page, "0000-0000-0000-0000", "Sign in");
  await page.getByRole("alert").waitFor();
  await visit("second step, wrong backup code");
  await follow(page, "Use your authenticator app instead");
  for (const code of demo.wrongCodes(5, secret)) {
    await enterCode(page, code, "Sign in");
    await page.getByRole("alert").waitFor();
  }
  await page.getByRole("timer").waitFor();
  await visit("second step, locked");
  await follow(page, /^a backup code$/);
  await page.getByLabel("Backup code").waitFor();
  await visit("second step, locked, backup code");
}
