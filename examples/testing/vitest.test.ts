import { createTestAuthenticator } from "express-totp-setup/testing";
import request from "supertest";
import { expect, test } from "vitest";
import { createApp } from "./app.js";

const KEY = { "X-API-Key": "demo-key" };

test("a transfer needs a code once TOTP is on", async () => {
  let time = Date.now();
  const now = () => time;
  const { app } = createApp(now);

  const setup = await request(app).post("/auth/v1/users/current/totp/setup").set(KEY);
  const authenticator = createTestAuthenticator(setup.body.otpauth_uri, { now });
  const confirmed = await request(app)
    .post("/auth/v1/users/current/totp/verify")
    .set(KEY)
    .send({ code: authenticator.nextCode() });
  expect(confirmed.status).toBe(200);

  const transfer = (code = "") => request(app).post("/transfers").set(KEY).set("X-TOTP-Code", code);
  expect((await transfer()).body.reason).toBe("code_required");
  const code = authenticator.nextCode();
  expect((await transfer(code)).status).toBe(204);
  expect((await transfer(code)).body.reason).toBe("wrong_code"); // each code works once

  time += authenticator.waitMs();
  expect((await transfer(authenticator.nextCode())).status).toBe(204);
});
