import { describe, it } from "node:test";
import { testTotpStore } from "express-totp-setup/testing";
import { createStore, options } from "./create-store.js";

testTotpStore({ describe, it }, createStore, options);
