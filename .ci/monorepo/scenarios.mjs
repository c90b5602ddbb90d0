// What users do in the one service, and what the other must know of it.
import assert from "node:assert/strict";
import { generateSync } from "otplib";

/** @typedef {import("./services.mjs").Services} Services */

const TOTP = "/auth/v1/users/current/totp";
const REGENERATE = `${TOTP}/backup-codes/regenerate`;
const PASSWORD = { email: "ada@example.com", password: "demo-password" };

/** @param {Services} services */
export async function signInElsewhere({ accounts, shop }) {
  assert.deepEqual((await shop("POST", "/login", { body: PASSWORD })).body, {
    access_token: "demo-key",
  });
  const { backupCodes, next } = await enroll(accounts);

  const session = await passwordStep(shop);
  const signedIn = await codeStep(shop, session, next);
  assert.deepEqual(signedIn.body, { access_token: "demo-key", token_type: "Bearer" });
  assert.equal((await codeStep(shop, session, String(backupCodes[0]))).status, 401);
  const mistyped = { ...PASSWORD, password: "demo" };
  assert.equal((await shop("POST", "/login", { body: mistyped })).status, 401);

  assert.equal((await shop("POST", "/payments")).status, 403);
  const paid = await shop("POST", "/payments", { code: String(backupCodes[0]) });
  assert.deepEqual(paid.body, { paid: true });
  const { body } = await accounts("GET", `${TOTP}/status`);
  assert.equal(body.is_setup, true);
  assert.equal(body.backup_codes_remaining, backupCodes.length - 1);
}

/** @param {Services} services */
export async function useEachCodeOnce({ accounts, shop }) {
  const { first, next } = await enroll(accounts);
  const session = await passwordStep(shop);
  assert.equal((await codeStep(shop, session, first)).status, 401);

  const useOnBoth = async () => {
    const answers = await Promise.all([
      accounts("POST", REGENERATE, { code: next }),
      shop("POST", "/payments", { code: next }),
    ]);
    return answers.map(({ status }) => status).sort();
  };
  assert.deepEqual(await useOnBoth(), [200, 403]);
  assert.deepEqual(await useOnBoth(), [403, 403]);
}

/** @param {Services} services */
export async function lockEverywhere({ accounts, shop }) {
  const { next, wrong } = await enroll(accounts);
  const session = await passwordStep(shop);
  for (const code of wrong.slice(0, 3)) {
    assert.equal((await codeStep(shop, session, code)).status, 401);
  }
  for (const code of wrong.slice(3)) {
    assert.equal((await accounts("POST", REGENERATE, { code })).status, 403);
  }

  for (const locked of [
    await accounts("POST", REGENERATE, { code: next }),
    await codeStep(shop, session, next),
  ]) {
    assert.equal(locked.status, 429);
    assert.ok(Number(locked.headers.get("Retry-After")) > 0);
  }
}

/** @param {Services["accounts"]} accounts */
async function enroll(accounts) {
  const { body: setup } = await accounts("POST", `${TOTP}/setup`);
  const now = Math.floor(Date.now() / 1000);
  const codeAt = (/** @type {number} */ epoch) => generateSync({ secret: setup.secret, epoch });
  const first = codeAt(now);
  const { status, body } = await accounts("POST", `${TOTP}/verify`, { body: { code: first } });
  assert.equal(status, 200);
  /** @type {string[]} */
  const backupCodes = body.backup_codes;
  const right = new Set([-30, 0, 30, 60, 90].map((seconds) => codeAt(now + seconds)));
  const wrong = Array.from({ length: 10 }, (_, i) => String(i).repeat(6))
    .filter((code) => !right.has(code))
    .slice(0, 5);
  // The one of the next time step, as users' clocks may be fast: the first one is used up.
  return { first, next: codeAt(now + 30), wrong, backupCodes };
}

/** @param {Services["shop"]} shop */
async function passwordStep(shop) {
  const { body } = await shop("POST", "/login", { body: PASSWORD });
  assert.deepEqual(Object.keys(body), ["session_id"]);
  return body.session_id;
}

/**
 * @param {Services["shop"]} shop
 * @param {string} session_id
 * @param {string} code
 */
function codeStep(shop, session_id, code) {
  return shop("POST", "/auth/v1/verify-totp", { body: { session_id, code } });
}
