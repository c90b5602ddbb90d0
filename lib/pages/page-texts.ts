import type { Request } from "express";

/**
 * Every text on the pages. Texts that depend on a value are functions. Replace some of them, or all, with the option
 * `texts` of {@link createTotpPages}.
 *
 * @example
 * ```ts
 * const texts: Partial<PageTexts> = {
 *   title: "Two-step login",
 *   backupCodesLeft: (count) => `Backup codes left: ${count}`,
 *   reasons: { wrong_code: "This code is wrong." },
 * };
 * app.use("/two-factor", createTotpPages({ totp, getUser, authorizeSetup, texts }));
 * ```
 */
export interface PageTexts {
  /** The language of the texts, for the attribute `lang`. */
  lang: string;
  /** Heading of the overview, and title of error pages. */
  title: string;
  /** Link from a form back to the overview. */
  back: string;
  /** Error if nobody is signed in. */
  signInFirst: string;
  /** Error without a reason. */
  failed: string;
  /** Status of TOTP that is on. */
  on: (since: Date) => string;
  /** Note in place of the button to turn TOTP off, for a user who must have it. */
  mandatory: string;
  /** Status of TOTP that is off. */
  off: string;
  /** Button to the setup. */
  setUp: string;
  /** Heading of the setup. */
  setUpTitle: string;
  /** Button to a new setup while TOTP is on, and its heading. */
  moveToAnotherPhone: string;
  /** Introduction of the setup. */
  setUpIntro: string;
  /** Instruction above the QR code. */
  scan: string;
  /** Alternative text of the QR code, for screen readers. */
  qrCode: string;
  /** Instruction above the key. */
  typeKey: string;
  /** Link to the authenticator app on the same device. */
  openApp: string;
  /** Help below the field for the first code. */
  enterFirstCode: string;
  /** Label of the field for a code. */
  code: string;
  /** Help below the field for a code. */
  codeHelp: string;
  /** Button that confirms the setup. */
  confirm: string;
  /** Introduction of a setup that a login requires. */
  mustEnroll: string;
  /** Heading of the backup codes. */
  backupCodesTitle: string;
  /** Number of unused backup codes. */
  backupCodesLeft: (count: number) => string;
  /** Introduction of the backup codes. */
  backupCodesIntro: string;
  /** Button that leaves the backup codes. */
  backupCodesSaved: string;
  /** Button to new backup codes, and their heading. */
  newBackupCodes: string;
  /** Introduction of the form for new backup codes. */
  newBackupCodesIntro: string;
  /** Button that copies the key or the backup codes. */
  copy: string;
  /** Message after copying. */
  copied: string;
  /** Button that downloads the backup codes. */
  download: string;
  /** Button that prints the backup codes. */
  print: string;
  /** Button that turns TOTP off, and heading of its form. */
  turnOff: string;
  /** Introduction of the form that turns TOTP off. */
  turnOffIntro: string;
  /** Heading of the trusted devices. */
  devicesTitle: string;
  /** Name of a device without a label. */
  deviceWithoutLabel: string;
  /** When a device is no longer trusted. */
  deviceUntil: (expiresAt: Date) => string;
  /** Button that revokes a device. */
  revoke: string;
  /** Heading of the second step of a login. */
  loginTitle: string;
  /** Introduction of the second step of a login. */
  loginIntro: string;
  /** Label of the checkbox that trusts the device. */
  trustDevice: string;
  /** Button that completes the login, and link to the sign-in page. */
  signIn: string;
  /** Heading of the step-up. */
  stepUpTitle: string;
  /** Introduction of the step-up. */
  stepUpIntro: string;
  /** Button to the next page. */
  continueOn: string;
  /** Help during a lock. */
  lockedHelp: string;
  /** Error during a lock. */
  lockedFor: (seconds: number) => string;
  /** Error if the phone's clock is off. `seconds` is how far it is ahead. */
  clockOff: (seconds: number) => string;
  /** Errors, by `reason`. */
  reasons: Readonly<Record<string, string>>;
}

/**
 * Texts that replace the default ones: an object, or a function that returns one for a request.
 *
 * @example
 * ```ts
 * const german = { lang: "de", title: "Zwei-Faktor-Anmeldung" };
 * const texts: TextsOption = (req) => (req.acceptsLanguages("de", "en") === "de" ? german : {});
 * ```
 */
export type TextsOption = Partial<PageTexts> | ((req: Request) => Partial<PageTexts>);
