import { describeInBrowser } from "../../helpers/browser.js";
import { enterCode, follow, press, seeHeading } from "../../helpers/pages-walk.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { useBrowser } from "./open-page.js";
import { GRACE, startDemo } from "./start-demo.js";
import { enterPassword, setUp, signOut, signUp } from "./steps.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(60_000);
afterEach(stopPrograms);

describeInBrowser("without JavaScript", () => {
  const openPage = useBrowser();

  test("everything works by plain forms", async () => {
    const demo = await startDemo();
    const page = await openPage(demo.url, { javaScriptEnabled: false });
    await signUp(page, GRACE);
    await follow(page, "Payouts");
    const { secret, backupCodes } = await setUp(page, demo);
    await follow(page, "I have saved them");
    await seeHeading(page, "Payouts");

    await signOut(page);
    await enterPassword(page, GRACE);
    await enterCode(page, demo.code(secret), "Sign in");
    await seeHeading(page, "Welcome");
    await demo.advance(301);
    await follow(page, "Payouts");
    await enterCode(page, backupCodes[0] ?? "", "Continue");
    await seeHeading(page, "Payouts");

    await follow(page, "Back");
    await follow(page, "Two-factor authentication");
    await follow(page, "Turn off");
    await enterCode(page, backupCodes[1] ?? "", "Turn off");
    await page.getByText("Two-factor authentication is off now.").waitFor();
  });

  test("an account that requires a second factor is set up before its first sign-in", async () => {
    const demo = await startDemo();
    const page = await openPage(`${demo.url}/sign-up`, { javaScriptEnabled: false });
    await page.getByLabel("Email address").fill(GRACE.email);
    await page.getByLabel("Password").fill(GRACE.password);
    await page.getByLabel("Require two-factor authentication").check();
    await press(page, "Sign up");
    await page.getByText("Your account requires two-factor authentication.").waitFor();
    await setUp(page, demo);
    // The page with the codes knows already who has signed in.
    await page.getByText(GRACE.email).waitFor();
    await follow(page, "I have saved them");
    await page.getByText("Two-factor authentication is on.").waitFor();
  });
});
