import { describe, it } from "node:test";
import { createMemoryStore } from "express-totp-setup";
import { testTotpStore } from "express-totp-setup/testing";

testTotpStore({ describe, it }, () => createMemoryStore());
