// All routes and the guard, from each of the two builds.
import { createRequire } from "node:module";
import express from "express";
import * as esm from "express-totp-setup";

const cjs = createRequire(import.meta.url)("express-totp-setup");
const authenticate = (apiKey) => (apiKey === "key-of-ada" ? "ada" : null);

const app = express();
for (const [prefix, library] of Object.entries({ esm, cjs })) {
  const totp = library.createTotpService({ store: library.createMemoryStore(), issuer: "Acme" });
  app.use(`/${prefix}`, library.createTotpRouter({ totp, authenticate }));
  const guard = library.requireTotp({ totp, authenticate });
  app.post(`/${prefix}/transfers`, guard, (_req, res) => res.json({ done: true }));
}
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
