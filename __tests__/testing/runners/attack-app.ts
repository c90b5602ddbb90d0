import type { TwoFactorAppOptions } from "express-totp-setup/testing";
import type { Bug } from "../../helpers/vulnerable-app/bugs.js";
import { vulnerableApp } from "../../helpers/vulnerable-app/options.js";

const bugs: Bug[] = process.env.FAULTY_APP ? ["remembers only the very last code"] : [];
const { sendBackupCode: _, ...rest } = vulnerableApp(bugs);

/** A sound app; with the variable FAULTY_APP set, one with a bug. Nothing is said of backup codes. */
export const app: TwoFactorAppOptions<{ email: string }, string | undefined> = rest;
