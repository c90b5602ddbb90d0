import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { createTestAuthenticator } from "express-totp-setup/testing";
import { createApp } from "./app.js";

let server: Server;
let url: string;

test.beforeAll(async () => {
  server = createApp().app.listen(0, "localhost");
  await once(server, "listening");
  url = `http://localhost:${(server.address() as AddressInfo).port}/two-factor`;
});
test.afterAll(() => {
  server.close();
});

test("a user turns TOTP on, and off again with the next code", async ({ page }) => {
  await page.goto(`${url}/setup`);
  await page.getByRole("button").click();
  // The link for a phone that is also the browser; the QR code says the same.
  const uri = await page.locator('a[href^="otpauth:"]').getAttribute("href");
  const authenticator = createTestAuthenticator(String(uri));
  await page.getByRole("textbox").fill(authenticator.nextCode());
  await page.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByText(/^\w{4}(-\w{4}){3}/).first()).toBeVisible();

  await page.goto(`${url}/turn-off`);
  await page.getByRole("textbox").fill(authenticator.nextCode());
  await page.getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByRole("link", { name: "Set up" })).toBeVisible();
});
