// As in a monorepo, where one service imports the package and the next requires it, and a third runs both.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import express from "express";

const require = createRequire(import.meta.url);
const { name, exports } = require("express-totp-setup/package.json");

for (const entry of Object.keys(exports).filter((each) => !each.endsWith(".json"))) {
  const id = name + entry.slice(1);
  // Node adds names of its own to a CommonJS module that is imported; an ES module shows what it is.
  assert.deepEqual(Object.keys(require(id)).sort(), Object.keys(await import(id)).sort(), id);
}

const builds = { esm: await import("express-totp-setup"), cjs: require("express-totp-setup") };
assert.notEqual(builds.esm.createTotpSetupRouter, builds.cjs.createTotpSetupRouter);

const app = express();
for (const [prefix, { createTotpSetupRouter }] of Object.entries(builds)) {
  const authenticate = (apiKey) => (apiKey === "key-of-ada" ? "ada" : null);
  app.use(`/${prefix}`, createTotpSetupRouter({ authenticate, savePendingSecret() {} }));
}
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
