// For Jest and Mocha, whose functions are global.
import { testTotpStore } from "express-totp-setup/testing";
import { createStore, options } from "./create-store.js";

testTotpStore({ describe, it }, createStore, options);
