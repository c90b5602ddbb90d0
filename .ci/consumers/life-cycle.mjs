import assert from "node:assert/strict";
import { generateSync } from "otplib";
import { useSetupRoute } from "./setup-route.mjs";

const TOTP = "/auth/v1/users/current/totp";

/**
 * Turns TOTP on, uses it and turns it off again.
 *
 * @param {string} url of the router
 */
export async function useLifeCycle(url) {
  await useSetupRoute(url);

  const { body: setup } = await ask(url, 200, `POST ${TOTP}/setup`);
  const now = Math.floor(Date.now() / 1000);
  const codeAt = (/** @type {number} */ epoch) => generateSync({ secret: setup.secret, epoch });
  const code = codeAt(now);

  await ask(url, 401, `POST ${TOTP}/verify`, { key: "wrong", body: { code } });
  await ask(url, 400, `POST ${TOTP}/verify`, { body: {} });
  await ask(url, 422, `POST ${TOTP}/verify`, { body: { code: codeAt(now - 3600) } });
  const { body: confirmed } = await ask(url, 200, `POST ${TOTP}/verify`, { body: { code } });
  const [backupCode] = confirmed.backup_codes;
  await expectStatus(url, true);

  await ask(url, 403, "POST /transfers");
  await ask(url, 403, "POST /transfers", { code }); // It was used to confirm.
  await ask(url, 200, "POST /transfers", { code: codeAt(now + 30) });

  await ask(url, 403, `DELETE ${TOTP}/delete`);
  await expectStatus(url, true);
  await ask(url, "2xx", `DELETE ${TOTP}/delete`, { code: backupCode });
  await expectStatus(url, false);

  const { headers } = await ask(url, 405, `GET ${TOTP}/setup`);
  assert.equal(headers.get("allow"), "POST");
}

/**
 * @param {string} url
 * @param {boolean} isSetup
 */
async function expectStatus(url, isSetup) {
  const { body } = await ask(url, 200, `GET ${TOTP}/status`);
  assert.equal(body.is_setup, isSetup);
}

/**
 * @param {string} url
 * @param {number | "2xx"} status what the response must have
 * @param {string} route
 * @param {{ key?: string, code?: string, body?: object }} [request]
 * @returns {Promise<{ body: any, headers: Headers }>}
 */
async function ask(url, status, route, { key = "key-of-ada", code, body } = {}) {
  const [method, path] = route.split(" ");
  const response = await fetch(url + path, {
    method: String(method),
    headers: {
      "X-API-Key": key,
      ...(code && { "X-TOTP-Code": code }),
      ...(body && { "Content-Type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const received = status === "2xx" && response.ok ? status : response.status;
  assert.equal(received, status, `${route} ${text}`);
  return { body: text && JSON.parse(text), headers: response.headers };
}
