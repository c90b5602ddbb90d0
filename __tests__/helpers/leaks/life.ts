import { DEFAULT_PATHS } from "../../../lib/routes/table.js";
import { PENDING_AT, SESSION_BASE, TRANSFERS } from "./app.js";
import type { User } from "./user.js";

const { basePath: BASE, loginPath: LOGIN } = DEFAULT_PATHS;
const PAGES = "/two-factor";
const STRANGER = { key: "ak_live_of-nobody-at-all" };

/** A user's life with all that can be mounted. No request has to succeed. */
export async function live(user: User): Promise<void> {
  await enroll(user);
  await useCodes(user);
  await changeAll(user);
  await liveBySession(user);
  await setUpByPages(user);
  await usePages(user);
  await enrollAtLogin(user);
}

async function enroll(user: User): Promise<void> {
  await user.reset();
  user.takeSetup(await user.api("POST", PENDING_AT));
  await user.api("POST", PENDING_AT, STRANGER);
  user.takeSetup(await user.api("POST", `${BASE}/setup`));
  const verify = (code: unknown) => user.api("POST", `${BASE}/verify`, { json: { code } });
  for (const code of [user.wrong(), user.code(5), Number(user.code())]) await verify(code);
  const code = user.code();
  user.takeCodes(await verify(code));
  await verify(code);
}

async function useCodes(user: User): Promise<void> {
  await user.ensureOn();
  await user.api("GET", `${BASE}/status`);
  for (const create of [
    () => user.wrong(),
    () => user.fresh(),
    () => user.backup(),
    () => user.three(),
    () => "gibberish",
  ]) {
    await user.api("POST", TRANSFERS.key, { code: create() });
    const json = { session_id: await user.beginLogin(), trust_device: true, device_label: "Phone" };
    user.takeDevice(await user.api("POST", LOGIN, { json: { ...json, code: create() } }));
    await user.api("POST", LOGIN, { json: { ...json, code: user.fresh() } });
  }
  await user.api("POST", TRANSFERS.key);
  await user.api("GET", `${BASE}/devices`);
  const { id } = await user.trustDevice();
  await user.api("DELETE", `${BASE}/devices/${id}`);
}

async function changeAll(user: User): Promise<void> {
  const { totp } = user.made;
  for (const create of [() => user.wrong(), () => user.fresh()]) {
    const regenerate = `${BASE}/backup-codes/regenerate`;
    user.takeCodes(await user.api("POST", regenerate, { code: create() }));
    user.takeSetup(await user.api("POST", `${BASE}/setup`, { code: create() }));
    const json = { code: user.code() };
    user.takeCodes(await user.api("POST", `${BASE}/verify`, { json }));
  }
  await user.lock();
  const codes = [user.fresh(), user.backup()];
  for (const code of codes) await user.api("DELETE", `${BASE}/delete`, { code });
  await user.api("POST", TRANSFERS.key, { code: user.fresh() });
  await totp.unlock("ada").catch(() => {});
}

async function liveBySession(user: User): Promise<void> {
  await user.reset();
  const at = (path: string) => SESSION_BASE + path;
  user.takeSetup(await user.web("POST", at("/setup")));
  user.takeCodes(await user.web("POST", at("/verify"), { json: { code: user.code() } }));
  await user.ensureOn();
  await user.web("POST", TRANSFERS.session);
  for (const create of [() => user.wrong(), () => user.fresh(), () => user.backup()]) {
    await user.web("POST", at("/step-up"), { json: { code: create() } });
    const json = { session_id: await user.beginLogin(), code: create(), trust_device: true };
    user.takeDevice(await user.web("POST", at("/login"), { json }));
  }
  await user.web("POST", TRANSFERS.session);
  await user.web("DELETE", at("/delete"), { code: user.fresh() });
}

async function setUpByPages(user: User): Promise<void> {
  await user.reset();
  await user.web("GET", `${PAGES}/setup`);
  const setup = await post(user, "/setup", {});
  const cookies = user.takeSetupPage(setup);
  user.takeSetupPage(await post(user, "/setup", {}, cookies));
  const wrong = { key: user.secret, code: user.wrong(), to: "/payouts" };
  user.takeSetupPage(await post(user, "/setup/confirm", wrong, cookies));
  const right = { ...wrong, code: user.code() };
  const confirmed = await post(user, "/setup/confirm", right, cookies);
  user.takeCodesPage(confirmed);
  user.takeSetupPage(confirmed);
}

async function usePages(user: User): Promise<void> {
  await user.ensureOn();
  await user.web("GET", PAGES);
  for (const create of [() => user.wrong(), () => user.fresh()]) {
    user.takeCodesPage(await post(user, "/backup-codes", { code: create() }));
    await post(user, "/step-up", { code: create(), to: "/payouts" });
  }
  const { id, token } = await user.trustDevice();
  for (const create of [() => user.wrong(), () => user.three(), () => user.backup()]) {
    await user.waitForLogin();
    await user.web("GET", `${PAGES}/login`);
    const form = { code: create(), trust_device: "on" };
    user.takeDevice(await post(user, "/login", form, `__Host-totp-device=${token}`));
  }
  user.signIn();
  await post(user, "/devices", { id });
  for (const code of [user.wrong(), user.fresh()]) await post(user, "/turn-off", { code });
}

/** A login in which TOTP has to be set up. */
async function enrollAtLogin(user: User): Promise<void> {
  await user.reset();
  await user.waitForLogin(true);
  await user.web("GET", `${PAGES}/login`);
  const cookies = user.takeSetupPage(await post(user, "/login/setup", {}));
  const wrong = { key: user.secret, code: user.wrong() };
  user.takeSetupPage(await post(user, "/login", wrong, cookies));
  const confirmed = await post(user, "/login", { ...wrong, code: user.code() }, cookies);
  user.takeCodesPage(confirmed);
  // If it was refused, the setup is shown again.
  user.takeSetupPage(confirmed);
}

function post(user: User, path: string, form: Record<string, string>, cookies?: string) {
  return user.web("POST", PAGES + path, { form, ...(cookies && { cookies }) });
}
