import { testTwoFactorApp } from "express-totp-setup/testing";
import { describe, it } from "vitest";
import { app } from "./attack-app.js";

testTwoFactorApp({ describe, it }, app);
