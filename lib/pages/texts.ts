import type { PageTexts } from "./page-texts.js";

export type { PageTexts };

const date = new Intl.DateTimeFormat("en-US", { dateStyle: "long" });
const counted = (count: number, unit: string) => (count === 1 ? `1 ${unit}` : `${count} ${unit}s`);
/** Rounded up, so that nobody comes back too early. */
const duration = (seconds: number) => {
  const minutes = Math.max(1, Math.ceil(Math.abs(seconds) / 60));
  return minutes < 120 ? counted(minutes, "minute") : counted(Math.ceil(minutes / 60), "hour");
};

export const DEFAULT_TEXTS: PageTexts = {
  lang: "en",
  title: "Two-factor authentication",
  back: "Back",
  signInFirst: "Sign in first.",
  failed: "Something went wrong. Try again later.",
  on: (since) => `On since ${date.format(since)}`,
  mandatory: "Your account requires two-factor authentication, so you cannot turn it off.",
  off: "Off",
  setUp: "Set up",
  setUpTitle: "Set up two-factor authentication",
  moveToAnotherPhone: "Move to another phone",
  setUpIntro:
    "You need an authenticator app on your phone, such as Google Authenticator or 1Password.",
  scan: "Scan this QR code with your authenticator app.",
  qrCode: "QR code",
  typeKey: "Or type this key into the app:",
  openApp: "Open in an authenticator app on this device",
  enterFirstCode: "Enter the code that the app shows.",
  code: "Code",
  codeHelp: "A code from your authenticator app, or a backup code",
  confirm: "Turn on",
  mustEnroll: "Your account requires two-factor authentication. Set it up to sign in.",
  backupCodesTitle: "Backup codes",
  backupCodesLeft: (count) => (count === 1 ? "1 backup code left" : `${count} backup codes left`),
  backupCodesIntro:
    "Each code works once, when you do not have your phone. Save them now: they are not shown again.",
  backupCodesSaved: "I have saved them",
  newBackupCodes: "New backup codes",
  newBackupCodesIntro: "Your current backup codes will stop working.",
  copy: "Copy",
  copied: "Copied",
  download: "Download",
  print: "Print",
  turnOff: "Turn off",
  turnOffIntro: "Your password alone will be enough to sign in.",
  devicesTitle: "Trusted devices",
  deviceWithoutLabel: "Unnamed device",
  deviceUntil: (expiresAt) => `until ${date.format(expiresAt)}`,
  revoke: "Revoke",
  loginTitle: "Enter your code",
  loginIntro: "Your authenticator app shows a new code every 30 seconds.",
  trustDevice: "Trust this device",
  signIn: "Sign in",
  stepUpTitle: "Confirm that it is you",
  stepUpIntro: "Enter a code from your authenticator app to continue.",
  continueOn: "Continue",

  lockedHelp:
    "You can use a backup code right away. Or wait for three codes in a row and enter them together. " +
    "Nobody else ever asks you for three codes.",
  lockedFor: (seconds) => `Too many wrong codes. Try again in ${duration(seconds)}.`,
  clockOff: (seconds) =>
    `The clock of your phone is about ${duration(seconds)} ${seconds > 0 ? "ahead" : "behind"}. ` +
    "Set it to update automatically, then enter the next code.",
  reasons: {
    wrong_code: "That code is wrong or was used already.",
    malformed_code: "That is not a code.",
    code_required: "Enter a code.",
    nothing_pending: "There is no setup to confirm. Begin again.",
    expired: "The setup has expired. Begin again.",
    already_enabled: "Two-factor authentication is on already.",
    not_enabled: "Two-factor authentication is off.",
    unknown_session: "Your sign-in has expired. Sign in again.",
    not_authorized: "Sign in again to set this up.",
    cross_site: "This form came from another site.",
    busy: "Too many attempts at the same time. Try again.",
  },
};

/**
 * Merges the app's texts into the default ones. Ignores a text that is `undefined`, as in an incomplete translation.
 */
export function mergeTexts(own: Partial<PageTexts> | undefined): PageTexts {
  const reasons = { ...DEFAULT_TEXTS.reasons, ...withoutUndefined(own?.reasons) };
  return { ...DEFAULT_TEXTS, ...withoutUndefined(own), reasons };
}

function withoutUndefined(texts: object | undefined): object {
  return Object.fromEntries(Object.entries(texts ?? {}).filter(([, text]) => text !== undefined));
}

/** Returns the text of a reason, if there is one. */
export function reasonText({ reasons }: PageTexts, reason: unknown): string | undefined {
  return typeof reason === "string" && Object.hasOwn(reasons, reason) ? reasons[reason] : undefined;
}
