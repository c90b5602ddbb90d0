// The second step of a login, and the setup that can stand before it.
import type { TotpPagesOptions } from "express-totp-setup/pages";
import { createPagesApp, type PagesApp } from "../helpers/pages-app.js";
import { PagesBrowser, turnOn } from "../helpers/pages-browser.js";
import { codeAt, lock, threeCodes, wrongCode, wrongCodes } from "../helpers/service.js";

const LOGIN = "/two-factor/login";

async function begin(made: PagesApp, user = "ada"): Promise<PagesBrowser> {
  const browser = new PagesBrowser(made);
  const waiting = await browser.post(`/sign-in/${user}`);
  expect(waiting.location).toBe(LOGIN);
  return browser;
}

describe("the second step", () => {
  test.each(["TOTP code", "backup code"])("takes a %s", async (kind) => {
    const made = createPagesApp();
    const { fresh, backupCodes } = await turnOn(made);
    const browser = await begin(made);
    expect(await browser.get(LOGIN)).toMatchObject({ status: 200, heading: "Enter your code" });
    expect((await browser.get("/home")).html).toBe("home of undefined");
    const code = kind === "TOTP code" ? fresh() : String(backupCodes[0]);
    expect(await browser.post(LOGIN, { code })).toMatchObject({ status: 303, location: "/home" });
    expect((await browser.get("/home")).html).toBe("home of ada");
    const method = kind === "TOTP code" ? "totp" : "backup_code";
    expect(made.hooks).toEqual([`login ada ${method}`]);
    // The session that onLogin began is fresh.
    expect((await browser.get("/payouts")).html).toBe("paid by ada");
  });

  test("says what is wrong, and still trusts the device if that was wanted", async () => {
    const made = createPagesApp();
    const { secret, fresh } = await turnOn(made);
    const browser = await begin(made);
    expect((await browser.get(LOGIN)).html).not.toContain(" checked");
    const code = wrongCode(made.clock.time, secret);
    const wrong = await browser.post(LOGIN, { code, trust_device: "yes" });
    expect(wrong).toMatchObject({ status: 401, alert: expect.stringContaining("wrong") });
    expect(wrong.html).toContain('name="trust_device" value="yes" checked>');
    const agent = { "User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/150.0" };
    const done = await browser.post(LOGIN, { code: fresh(), trust_device: "yes" }, agent);
    expect(String(done.headers["set-cookie"])).toMatch(/__Host-totp-device=[\w-]{43};.*Secure/);
    const overview = await browser.get("/two-factor");
    expect(overview.html).toMatch(/Firefox, Windows <span[^>]*>until June 17, 2033</);
    expect(await browser.post("/two-factor/devices", overview.fields)).toMatchObject({
      status: 303,
      location: "/two-factor",
    });
    expect(await made.totp.listDevices("ada")).toEqual([]);
    expect(await browser.get("/two-factor/devices")).toMatchObject({ status: 303 });
  });

  test("under a lock, says what to do: a backup code, or three codes in a row", async () => {
    const made = createPagesApp();
    const { secret, fresh, backupCodes } = await turnOn(made);
    const browser = await begin(made);
    await lock(made, "ada", secret);
    const locked = await browser.post(LOGIN, { code: fresh() });
    expect(locked).toMatchObject({ status: 429, heading: "Enter your code" });
    expect(locked.alert).toBe("Too many wrong codes. Try again in 15 minutes.");
    expect(locked.html).toContain('data-totp-retry="870"');
    expect(locked.html).toContain("three codes in a row");
    expect(locked.html).toContain("Nobody else ever asks you for three codes.");
    const done = await browser.post(LOGIN, { code: String(backupCodes[0]) });
    expect(done).toMatchObject({ status: 303, location: "/home" });
  });

  test.each([
    [0, undefined],
    [2, undefined],
    [10, "5 minutes ahead"],
    [-10, "5 minutes behind"],
  ])(
    "takes three codes in a row, %i steps off, and says to set the clock",
    async (offset, text) => {
      const made = createPagesApp();
      const { secret } = await turnOn(made);
      made.clock.advance(3600);
      const browser = await begin(made);
      await lock(made, "ada", secret);
      const done = await browser.post(LOGIN, { code: threeCodes(secret, made.clock.time, offset) });
      expect(done.status).toBe(text ? 200 : 303);
      if (text) expect(done.html).toContain(text);
      if (text) expect(done.html).toContain('<a class="totp-button" href="/home">Continue</a>');
      expect((await browser.get("/home")).html).toBe("home of ada");
    },
  );

  test("ends after five minutes, and is nobody's without a session", async () => {
    const made = createPagesApp();
    const { fresh } = await turnOn(made);
    const browser = await begin(made);
    made.clock.advance(301);
    for (const late of [browser, new PagesBrowser(made)]) {
      const page = await late.post(LOGIN, { code: fresh() });
      expect(page).toMatchObject({ status: 401, alert: expect.stringContaining("expired") });
    }
  });

  test.each([
    ["//evil.example", 1],
    ["https://evil.example", 1],
    ["javascript:alert(1)", 1],
    [undefined, 1],
    ["/inbox?a=1", 0],
  ])("goes on to %j of onLogin only within the app", async (next, reports) => {
    const made = createPagesApp({ pages: { onLogin: () => next as string } });
    const { fresh } = await turnOn(made);
    const browser = await begin(made);
    const done = await browser.post(LOGIN, { code: fresh() });
    expect(done).toMatchObject({ status: 303, location: reports ? "/" : next });
    expect(made.errors).toHaveLength(reports);
  });
});

describe("who must have it", () => {
  const start = async (options: Parameters<typeof createPagesApp>[0] = {}) => {
    const made = createPagesApp({ mustEnroll: true, ...options });
    return { made, browser: await begin(made) };
  };

  test("sets it up between password and login, and the first code signs in", async () => {
    const { made, browser } = await start();
    const intro = await browser.get(LOGIN);
    expect(intro.heading).toBe("Set up two-factor authentication");
    expect(intro.html).toContain("Your account requires two-factor authentication.");
    for (const path of ["/two-factor", "/two-factor/setup"]) {
      expect(await browser.get(path)).toMatchObject({ status: 401 });
    }
    expect(await browser.post("/two-factor/setup")).toMatchObject({ status: 401, key: "" });
    const page = await browser.post("/two-factor/login/setup");
    expect((await browser.post("/two-factor/login/setup")).key).toBe(page.key);
    expect(page.html).not.toContain(">Back<");
    const code = wrongCode(made.clock.time, page.key);
    const wrong = await browser.post(LOGIN, { ...page.fields, code });
    expect(wrong).toMatchObject({ status: 401, key: page.key });
    expect((await browser.get("/home")).html).toBe("home of undefined");
    const right = { ...wrong.fields, code: codeAt(page.key, made.clock.time) };
    const done = await browser.post(LOGIN, right);
    expect(done).toMatchObject({ status: 200, heading: "Backup codes" });
    expect(done.backupCodes).toHaveLength(3);
    expect(done.html).toContain('href="/home">I have saved them</a>');
    expect(made.hooks).toEqual(["login ada totp", "enabled ada"]);
    expect((await browser.get("/payouts")).html).toBe("paid by ada");
  });

  test("whose setup is gone begins again on the same page", async () => {
    const { made, browser } = await start();
    const page = await browser.post("/two-factor/login/setup");
    const codes = wrongCodes(10, made.clock.time, page.key);
    let last = page;
    for (const code of codes) last = await browser.post(LOGIN, { ...page.fields, code });
    expect(last).toMatchObject({ alert: "The setup has expired. Begin again.", key: "" });
    expect(last.html).toContain('action="/two-factor/login/setup"');
    expect((await browser.post("/two-factor/login/setup")).key).not.toBe(page.key);
    expect(await browser.get("/two-factor/login/setup")).toMatchObject({ location: LOGIN });
  });

  test("finds the account's own name in the authenticator app", async () => {
    const findUser = (id: unknown) => ({ id: String(id), email: `${id}@example.com` });
    const { browser } = await start({ pages: { findUser } });
    const page = await browser.post("/two-factor/login/setup");
    expect(page.html).toContain("otpauth://totp/Acme:ada%40example.com?");
  });

  test("is never taken for another user", async () => {
    const { browser, made } = await start({ pages: { findUser: () => ({ id: "eve" }) } });
    expect(await browser.post("/two-factor/login/setup")).toMatchObject({ status: 500, key: "" });
    expect(String(made.errors[0])).toMatch(/findUser/);
  });

  test("and has it cannot begin a setup by the login", async () => {
    const made = createPagesApp({ mustEnroll: true });
    const { secret } = await turnOn(made);
    const browser = await begin(made);
    const page = await browser.post("/two-factor/login/setup");
    expect(page).toMatchObject({ status: 303, location: LOGIN });
    expect(page.html).not.toContain(secret);
  });

  test("gets a 429 and no secret while another write always succeeds first", async () => {
    const { browser, made } = await start();
    made.store.compareAndSet = async () => false;
    const page = await browser.post("/two-factor/login/setup");
    expect(page).toMatchObject({ status: 429, key: "" });
    expect(page.alert).toBe("Too many attempts at the same time. Try again.");
  });

  test("keeps the backup codes if onLogin fails", async () => {
    const onLogin = () => Promise.reject(new Error("no session"));
    const { made, browser } = await start({ pages: { onLogin } });
    const page = await browser.post("/two-factor/login/setup");
    const code = codeAt(page.key, made.clock.time);
    const done = await browser.post(LOGIN, { ...page.fields, code });
    expect(done).toMatchObject({ status: 200, heading: "Backup codes" });
    expect(done.backupCodes).toHaveLength(3);
    expect(made.errors).toEqual([new Error("no session")]);
  });
});

test("an onLogin that responds itself is not responded to again", async () => {
  const onLogin: TotpPagesOptions["onLogin"] = ({ res }) => {
    res.redirect(303, "/welcome");
    return "/home";
  };
  const made = createPagesApp({ pages: { onLogin } });
  const { fresh } = await turnOn(made);
  const browser = await begin(made);
  expect(await browser.post(LOGIN, { code: fresh() })).toMatchObject({ location: "/welcome" });
  expect([made.errors, made.escaped]).toEqual([[], []]);
});

test("no device is trusted of a user who was reset meanwhile, and the login stands", async () => {
  const made = createPagesApp();
  const { fresh } = await turnOn(made);
  const browser = await begin(made);
  const { trustDevice } = made.totp;
  made.totp.trustDevice = async (...args) => {
    await made.totp.reset("ada");
    return trustDevice(...args);
  };
  const done = await browser.post(LOGIN, { code: fresh(), trust_device: "yes" });
  expect(done).toMatchObject({ status: 303, location: "/home" });
  expect(String(done.headers["set-cookie"])).not.toContain("totp-device");
  expect(made.errors).toEqual([]);
});

test("no device is trusted of a user whom onLogin refuses", async () => {
  const onLogin = () => Promise.reject(new Error("suspended"));
  const made = createPagesApp({ pages: { onLogin } });
  const { fresh } = await turnOn(made);
  const browser = await begin(made);
  const refused = await browser.post(LOGIN, { code: fresh(), trust_device: "yes" });
  expect(refused.status).toBe(500);
  expect(String(refused.headers["set-cookie"])).not.toContain("totp-device");
  expect(await made.totp.listDevices("ada")).toEqual([]);
});
