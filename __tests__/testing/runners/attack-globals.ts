// For Jest and Mocha, whose functions are global.
import { testTwoFactorApp } from "express-totp-setup/testing";
import { app } from "./attack-app.js";

testTwoFactorApp({ describe, it }, app);
