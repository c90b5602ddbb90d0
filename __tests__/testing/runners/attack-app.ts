import type { TwoFactorAppOptions } from "express-totp-setup/testing";
import type { Bug } from "../../helpers/vulnerable-app/bugs.js";
import { vulnerableApp } from "../../helpers/vulnerable-app/options.js";

const bugs: Bug[] = process.env.FAULTY_APP ? ["remembers only the very last code"] : [];
const { sendBackupCode: _, ...rest } = vulnerableApp(bugs);

/** A correct app, or one with a bug if FAULTY_APP is set. Without backup codes. */
export const app: TwoFactorAppOptions<{ email: string }, string | undefined> = rest;
