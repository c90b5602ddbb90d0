import assert from "node:assert/strict";

/** @param {string} url of the router */
export async function useSetupRoute(url) {
  const ask = (/** @type {string} */ key) =>
    fetch(`${url}/auth/v1/users/current/totp/setup`, {
      method: "POST",
      headers: { "X-API-Key": key },
    });

  const accepted = await ask("key-of-ada");
  assert.equal(accepted.status, 200);
  const body = /** @type {Record<string, string>} */ (await accepted.json());
  assert.deepEqual(Object.keys(body), ["qr_code_url", "secret"]);
  assert.match(String(body.qr_code_url), /^data:image\/png;base64,[\w+/]+=*$/);
  assert.match(String(body.secret), /^[A-Z2-7]{32}$/);

  const rejected = await ask("wrong");
  assert.equal(rejected.status, 401);
  assert.equal(
    await rejected.text(),
    '{"code":401,"details":"The provided ID is not valid","error":"Unauthorized"}',
  );
}
