import { describe, it } from "node:test";
import { testTwoFactorApp } from "express-totp-setup/testing";
import { app } from "./attack-app.js";

testTwoFactorApp({ describe, it }, app);
