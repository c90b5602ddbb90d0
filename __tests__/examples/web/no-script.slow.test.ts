import { text } from "node:stream/consumers";
import { describeInBrowser } from "../../helpers/browser.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { useBrowser } from "./open-page.js";
import { GRACE, startDemo } from "./start-demo.js";
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
  signUp,
  turnOn,
} from "./steps.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(60_000);
afterEach(stopPrograms);

describeInBrowser("without JavaScript", () => {
  const openPage = useBrowser();

  test("everything works by plain forms", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url, { javaScriptEnabled: false });
    await signUp(page, GRACE);
    await press(page, "Turn on");
    const secret = await readSecret(page);
    expect(await page.getByRole("button", { name: "Copy key" }).isVisible()).toBe(false);
    await enterCode(page, demo.wrongCodes(1, secret)[0] ?? "", "Turn on");
    await page.getByRole("alert").getByText("This code is wrong").waitFor();
    expect(await readSecret(page)).toBe(secret);
    await enterCode(page, demo.code(secret), "Turn on");

    const [first = "", second = ""] = await readBackupCodes(page);
    const [download] = await Promise.all([page.waitForEvent("download"), follow(page, "Download")]);
    expect(await text(await download.createReadStream())).toContain(first);
    await follow(page, "I have saved them");

    await follow(page, "New backup codes");
    await enterBackupCode(page, second, "Replace backup codes");
    const [fresh = ""] = await readBackupCodes(page);
    await signOut(page);
    await enterPassword(page, GRACE);
    await demo.advance(30);
    await enterCode(page, demo.code(secret), "Sign in");
    await seeHeading(page, "Security");
    await follow(page, "Turn off…");
    await enterBackupCode(page, fresh, "Turn off");
    await page.getByText("Two-factor authentication is off.").waitFor();
  });

  test("a lock says how long it lasts", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url, { javaScriptEnabled: false });
    await enterPassword(page);
    const { secret } = await turnOn(page, demo);
    await signOut(page);
    await enterPassword(page);
    for (const code of demo.wrongCodes(5, secret)) await enterCode(page, code, "Sign in");
    await page.getByRole("alert").getByText("accepted again in 15 minutes").waitFor();
    await demo.advance(900);
    await page.goto(`${demo.url}/sign-in`);
    await enterPassword(page);
    await enterCode(page, demo.code(secret), "Sign in");
    await seeHeading(page, "Security");
  });
});
