import { testTotpStore } from "express-totp-setup/testing";
import { describe, it } from "vitest";
import { createStore, options } from "./create-store.js";

testTotpStore({ describe, it }, createStore, options);
