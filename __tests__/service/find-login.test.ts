// What a page shows of a login that waits, before there is a code.
import { codeAt, createRig, enroll } from "../helpers/service.js";

test("a login is found until it is completed, or expires", async () => {
  const rig = createRig();
  const { secret } = await enroll(rig, "ada");
  const login = await rig.totp.beginLogin("ada");
  if (!login.ok || !login.isRequired) throw new Error("no login");
  const { sessionId, expiresAt } = login;
  const found = { userId: "ada", mustEnroll: false, expiresAt };
  expect(await rig.totp.findLogin(sessionId)).toEqual(found);
  expect(await rig.totp.findLogin(sessionId)).toEqual(found);
  const other = await rig.totp.beginLogin("ada");
  if (!other.ok || !other.isRequired) throw new Error("no login");
  rig.clock.advance(30);
  await rig.totp.completeLogin(sessionId, codeAt(secret, rig.clock.time));
  expect(await rig.totp.findLogin(sessionId)).toBeUndefined();
  expect(await rig.totp.findLogin(other.sessionId)).toMatchObject({ userId: "ada" });
  rig.clock.advance(300);
  expect(await rig.totp.findLogin(other.sessionId)).toBeUndefined();
});

test("a login must enroll until another one, or a setup, has turned TOTP on", async () => {
  const rig = createRig();
  const login = await rig.totp.beginLogin("ada", { mustEnroll: true });
  if (!login.ok || !login.isRequired) throw new Error("no login");
  expect(await rig.totp.findLogin(login.sessionId)).toMatchObject({ mustEnroll: true });
  await enroll(rig, "eve");
  const ofEve = await rig.totp.beginLogin("eve", { mustEnroll: true });
  if (!ofEve.ok || !ofEve.isRequired) throw new Error("no login");
  expect(await rig.totp.findLogin(ofEve.sessionId)).toMatchObject({ mustEnroll: false });
});

test("a login of another user's id is none", async () => {
  const rig = createRig();
  await enroll(rig, "ada");
  const login = await rig.totp.beginLogin("ada");
  if (!login.ok || !login.isRequired) throw new Error("no login");
  const [, token] = login.sessionId.split(".");
  const forged = `s${Buffer.from("eve").toString("base64url")}.${token}`;
  expect(await rig.totp.findLogin(forged)).toBeUndefined();
});
