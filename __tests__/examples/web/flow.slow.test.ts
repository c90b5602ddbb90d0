// The whole life of an enrollment, in a browser, with the programs of others as the phone.
import { text } from "node:stream/consumers";
import { codeByOathtool, describeInBrowser, scanWithZbar } from "../../helpers/browser.js";
import { describeWith } from "../../helpers/programs.js";
import { stopPrograms } from "../../helpers/snippets-program.js";
import { DESKTOP, PHONE, useBrowser } from "./open-page.js";
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
} from "./steps.js";

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
      await page.getByText("Off", { exact: true }).waitFor();

      await press(page, "Turn on");
      const typed = await readSecret(page);
      const uri = new URL(scanWithZbar(await page.screenshot({ fullPage: true })));
      expect(uri.protocol + decodeURIComponent(uri.pathname)).toBe(`otpauth:/Demo:${GRACE.email}`);
      const secret = uri.searchParams.get("secret") ?? "";
      expect(secret).toBe(typed);
      const link = page.getByRole("link", { name: "Open in your authenticator app" });
      expect(await link.getAttribute("href")).toBe(uri.href);
      const code = () => codeByOathtool(secret, demo.now());
      await enterCode(page, code(), "Turn on");

      const backupCodes = await readBackupCodes(page);
      expect(new Set(backupCodes).size).toBe(10);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        follow(page, "Download"),
      ]);
      expect(download.suggestedFilename()).toBe("demo-backup-codes.txt");
      const lines = (await text(await download.createReadStream())).split("\r\n");
      expect(lines[0]).toContain(GRACE.email);
      expect(lines.slice(3, -1)).toEqual(backupCodes);

      await page.reload();
      await seeHeading(page, "Security");
      for (const shown of [...backupCodes, secret]) {
        expect(await page.content()).not.toContain(shown);
      }
      await page.getByText("10 of 10 left").waitFor();

      await signOut(page);
      await enterPassword(page, GRACE);
      await seeHeading(page, "Enter your code");
      await demo.advance(30);
      await enterCode(page, code(), "Sign in");
      await seeHeading(page, "Security");

      await demo.advance(30);
      await follow(page, "New backup codes");
      await enterCode(page, code(), "Replace backup codes");
      const [fresh = "", other = ""] = await readBackupCodes(page);
      expect(backupCodes).not.toContain(fresh);
      await follow(page, "I have saved them");

      await signOut(page);
      await enterPassword(page, GRACE);
      await enterBackupCode(page, backupCodes[0] ?? "", "Sign in");
      await page.getByRole("alert").getByText("This backup code is wrong").waitFor();
      await page.getByLabel("Backup code").fill(fresh.toLowerCase().replace("-", " "));
      await press(page, "Sign in");
      await page.getByText("You have 9 left.").waitFor();
      await page.getByText("9 of 10 left").waitFor();

      await signOut(page);
      await enterPassword(page, GRACE);
      await enterBackupCode(page, fresh, "Sign in");
      await page.getByRole("alert").getByText("used before").waitFor();
      await page.getByLabel("Backup code").fill(other);
      await press(page, "Sign in");
      await seeHeading(page, "Security");

      await follow(page, "Turn off…");
      await demo.advance(30);
      await enterCode(page, code(), "Turn off");
      await page.getByText("Two-factor authentication is off.").waitFor();
      await signOut(page);
      await enterPassword(page, GRACE);
      await seeHeading(page, "Security");
    });
  });
});
