// The whole life of an enrollment, in a browser, with the programs of others as the phone.
import { codeByOathtool, describeInBrowser, scanWithZbar } from "../../helpers/browser.js";
import {
  enterCode,
  follow,
  press,
  readBackupCodes,
  readKey,
  seeHeading,
} from "../../helpers/pages-walk.js";
import { describeWith } from "../../helpers/programs.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { DESKTOP, PHONE, useBrowser } from "./open-page.js";
import { GRACE, startDemo } from "./start-demo.js";
import { enterPassword, signOut, signUp } from "./steps.js";

// Room for a slow machine; nothing waits for it.
jest.setTimeout(120_000);
afterEach(stopPrograms);

describeInBrowser("the demo", () => {
  const openPage = useBrowser();

  const withTheirPrograms = (body: () => void) =>
    describeWith("zbarimg", "scanned by zbarimg", () =>
      describeWith("oathtool", "with codes of oathtool", body),
    );

  withTheirPrograms(() => {
    test.each([
      { what: "a light desktop", viewport: DESKTOP, colorScheme: "light" },
      { what: "a dark phone", viewport: PHONE, colorScheme: "dark", deviceScaleFactor: 2 },
    ] as const)("from signing up to turning off, on $what", async (options) => {
      const demo = await startDemo();
      const page = await openPage(demo.url, options);
      await signUp(page, GRACE);
      await page.getByText("Two-factor authentication is off.").waitFor();

      await follow(page, "Payouts");
      await seeHeading(page, "Set up two-factor authentication");
      await press(page, "Continue");
      const typed = await readKey(page);
      const uri = new URL(scanWithZbar(await page.screenshot({ fullPage: true })));
      expect(uri.protocol + decodeURIComponent(uri.pathname)).toBe(`otpauth:/Demo:${GRACE.email}`);
      const secret = uri.searchParams.get("secret") ?? "";
      expect(secret).toBe(typed);
      const code = () => codeByOathtool(secret, demo.now());
      await enterCode(page, code(), "Turn on");
      const backupCodes = await readBackupCodes(page);
      await page.emulateMedia({ media: "print" });
      const printed = await page.evaluate<string>("document.body.innerText");
      for (const each of [GRACE.email, ...backupCodes]) expect(printed).toContain(each);
      expect(printed).not.toMatch(/Sign out|Copy|A demo of/);
      await page.emulateMedia({ media: "screen" });
      await follow(page, "I have saved them");
      await seeHeading(page, "Payouts");

      await signOut(page);
      await enterPassword(page, GRACE);
      await seeHeading(page, "Enter your code");
      await demo.advance(30);
      await page.getByLabel("Trust this device").check();
      await enterCode(page, code(), "Sign in");
      await seeHeading(page, "Welcome");
      await follow(page, "Payouts");
      await seeHeading(page, "Payouts");

      await signOut(page);
      await enterPassword(page, GRACE);
      await seeHeading(page, "Welcome");
      // The password alone signs in on this device; payouts take a code here, too.
      await follow(page, "Payouts");
      await seeHeading(page, "Confirm that it is you");
      await enterCode(page, backupCodes[0] ?? "", "Continue");
      await seeHeading(page, "Payouts");

      await follow(page, "Back");
      await follow(page, "Two-factor authentication");
      await page.getByText("9 backup codes left").waitFor();
      await follow(page, "Turn off");
      await demo.advance(30);
      await enterCode(page, code(), "Turn off");
      await page.getByText("Two-factor authentication is off now.").waitFor();
      await signOut(page);
      await enterPassword(page, GRACE);
      await page.getByText("Two-factor authentication is off.").waitFor();
    });
  });
});
