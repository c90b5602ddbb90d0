// Setting up: the same QR code whatever the browser does, and no secret by GET.
import { createPagesApp } from "../helpers/pages-app.js";
import { PagesBrowser, signIn, turnOn } from "../helpers/pages-browser.js";
import { begin, codeAt, wrongCode } from "../helpers/service.js";

const SETUP = "/two-factor/setup";
const CONFIRM = "/two-factor/setup/confirm";

describe("a setup", () => {
  test("shows QR code, key in groups of four, a link, and then the backup codes once", async () => {
    const made = createPagesApp();
    const browser = await signIn(made);
    expect((await browser.get("/two-factor")).html).toContain('href="/two-factor/setup"');
    const page = await browser.post(SETUP);
    expect(page.status).toBe(200);
    expect(page.html).toMatch(/data-totp-text="[A-Z2-7]{32}">(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}</);
    expect(page.html).toContain('<svg xmlns="http://www.w3.org/2000/svg"');
    expect(page.html).toContain(
      `href="otpauth://totp/Acme:ada?secret=${page.key}&amp;issuer=Acme"`,
    );
    expect(page.html).toMatch(/inputmode="numeric" autocomplete="one-time-code"/);
    const code = codeAt(page.key, made.clock.time);
    const done = await browser.post(CONFIRM, { ...page.fields, code });
    expect(done).toMatchObject({ status: 200, heading: "Backup codes" });
    expect(done.backupCodes).toHaveLength(3);
    expect(done.html).toContain('<a class="totp-button" href="/two-factor">I have saved them</a>');
    expect(made.hooks).toEqual(["enabled ada"]);
    expect(await browser.post(CONFIRM, { ...page.fields, code })).toMatchObject({
      status: 303,
      location: "/two-factor",
      backupCodes: [],
    });
    const overview = await browser.get("/two-factor");
    expect(overview.html).toContain("On since May 18, 2033");
    expect(overview.html).toContain("3 backup codes left");
  });

  test.each([
    ["a wrong code", 422, "That code is wrong or was used already."],
    ["a text that is no code", 400, "That is not a code."],
    ["a clock that is off", 422, expect.stringContaining("is about 5 minutes ahead")],
  ])("%s shows the same QR code again", async (what, status, alert) => {
    const made = createPagesApp();
    const browser = await signIn(made);
    const page = await browser.post(SETUP);
    const { time } = made.clock;
    const codes: Record<string, string> = {
      "a wrong code": wrongCode(time, page.key),
      "a text that is no code": "abc",
      "a clock that is off": codeAt(page.key, time + 300_000),
    };
    const again = await browser.post(CONFIRM, { ...page.fields, code: String(codes[what]) });
    expect(again).toMatchObject({ status, alert, key: page.key });
    expect(again.html).toContain(
      'aria-describedby="totp-problem totp-help" autofocus aria-invalid="true"',
    );
    const code = codeAt(page.key, time);
    expect(await browser.post(CONFIRM, { ...again.fields, code })).toMatchObject({ status: 200 });
  });

  test("a reload, the back button and a second tab show the same QR code; no GET shows a secret", async () => {
    const made = createPagesApp();
    const browser = await signIn(made);
    const page = await browser.post(SETUP);
    expect((await browser.post(SETUP)).key).toBe(page.key);
    for (const path of ["/two-factor", SETUP, "/two-factor/backup-codes", "/two-factor/turn-off"]) {
      const got = await browser.get(path);
      expect(got).toMatchObject({ status: 200, key: "" });
      expect(got.html).not.toContain(page.key);
    }
    expect(await browser.get(CONFIRM)).toMatchObject({ status: 303, location: SETUP });
    expect((await browser.post(SETUP)).key).toBe(page.key);
    expect(made.events.filter(({ type }) => type === "setup_started")).toHaveLength(1);
  });

  test("a secret is shown again to its own user alone, by form or by cookie", async () => {
    const made = createPagesApp();
    const ada = await signIn(made, "ada");
    const { key } = await ada.post(SETUP);
    // The same browser, after Ada has left it.
    await ada.post("/sign-in/eve");
    const eves = await ada.post(SETUP);
    expect(eves.key).toMatch(/^[A-Z2-7]{32}$/);
    expect(eves.key).not.toBe(key);
    expect(eves.html).not.toContain(key);
    const code = wrongCode(made.clock.time, key, eves.key);
    for (const given of [key, "A".repeat(32), "", "<b>"]) {
      const page = await ada.post(CONFIRM, { key: given, code });
      expect(page).toMatchObject({ status: 422, key: "" });
      expect(page.html).not.toContain(key);
    }
  });

  test("remembers it in a cookie that no script and no other site gets, as long as it is pending", async () => {
    const made = createPagesApp();
    const browser = await signIn(made);
    const page = await browser.post(SETUP);
    const cookies = String(page.headers["set-cookie"]);
    const expires = new Date(made.clock.time + 600_000).toUTCString();
    const attributes = `Path=/; Expires=${expires}; HttpOnly; SameSite=Strict`;
    expect(cookies).toBe(`totp-setup=${page.key}; ${attributes}`);
    const code = codeAt(page.key, made.clock.time);
    const done = await browser.post(CONFIRM, { ...page.fields, code });
    expect(String(done.headers["set-cookie"])).toMatch(/^totp-setup=; Path=\/; Max-Age=0/);
  });

  test("behind a proxy with HTTPS, the cookie is one that no other domain can set", async () => {
    const made = createPagesApp({ before: (app) => app.set("trust proxy", "loopback") });
    const browser = await signIn(made);
    const https = { "X-Forwarded-Proto": "https" };
    const page = await browser.post(SETUP, {}, https);
    const cookie = String(page.headers["set-cookie"]);
    expect(cookie).toMatch(
      new RegExp(`^__Host-totp-setup=${page.key};.*; SameSite=Strict; Secure$`),
    );
    const again = await browser.post(SETUP, {}, { ...https, Cookie: String(cookie.split(";")[0]) });
    expect(again.key).toBe(page.key);
  });

  test("that has expired begins again", async () => {
    const made = createPagesApp();
    const browser = await signIn(made);
    const page = await browser.post(SETUP);
    made.clock.advance(601);
    const code = codeAt(page.key, made.clock.time);
    const late = await browser.post(CONFIRM, { ...page.fields, code });
    expect(late).toMatchObject({
      status: 409,
      key: "",
      alert: "The setup has expired. Begin again.",
    });
    expect((await browser.post(SETUP)).key).not.toBe(page.key);
  });

  test("needs a code while TOTP is on", async () => {
    const made = createPagesApp();
    const browser = await signIn(made);
    const { fresh, secret } = await turnOn(made);
    expect((await browser.get(SETUP)).heading).toBe("Move to another phone");
    expect(await browser.post(SETUP)).toMatchObject({
      status: 403,
      key: "",
      alert: "Enter a code.",
    });
    const wrong = { code: wrongCode(made.clock.time, secret) };
    expect(await browser.post(SETUP, wrong)).toMatchObject({ status: 403, key: "" });
    const page = await browser.post(SETUP, { code: fresh() });
    expect(page.key).toMatch(/^[A-Z2-7]{32}$/);
    const code = codeAt(page.key, made.clock.time);
    expect((await browser.post(CONFIRM, { ...page.fields, code })).backupCodes).toHaveLength(3);
  });

  test("is refused unless authorizeSetup says true", async () => {
    const made = createPagesApp({ pages: { authorizeSetup: () => "yes" as never } });
    const browser = await signIn(made);
    const page = await browser.post(SETUP);
    expect(page).toMatchObject({ status: 403, alert: "Sign in again to set this up.", key: "" });
  });

  test("goes on to the overview at once if backup codes are off, which then says nothing of them", async () => {
    const made = createPagesApp({ service: { backupCodes: false } });
    const browser = await signIn(made);
    const page = await browser.post(SETUP);
    const code = codeAt(page.key, made.clock.time);
    const done = await browser.post(CONFIRM, { ...page.fields, code });
    expect(done).toMatchObject({ status: 303, location: "/two-factor" });
    expect((await browser.get("/two-factor")).html).not.toMatch(/backup/i);
  });

  test("a hook that fails costs nobody the backup codes", async () => {
    const failing = () => Promise.reject(new Error("no mail"));
    const made = createPagesApp({ pages: { onEnabled: failing } });
    const browser = await signIn(made);
    const page = await browser.post(SETUP);
    const code = codeAt(page.key, made.clock.time);
    const done = await browser.post(CONFIRM, { ...page.fields, code });
    expect(done.backupCodes).toHaveLength(3);
    expect(made.errors.map(String)).toEqual(["Error: no mail"]);
  });

  test("sends people to sign in, if it knows where", async () => {
    const pages = { signInPath: "/sign-in?then=2fa", authorizeSetup: () => false };
    const made = createPagesApp({ pages });
    const nobody = new PagesBrowser(made);
    for (const path of ["/two-factor", SETUP, "/two-factor/login"]) {
      expect(await nobody.get(path)).toMatchObject({ status: 303, location: "/sign-in?then=2fa" });
    }
    const late = await nobody.post("/two-factor/login", { code: "123456" });
    expect(late).toMatchObject({ status: 401, alert: expect.stringContaining("has expired") });
    const refused = await (await signIn(made)).post(SETUP);
    expect(refused).toMatchObject({ status: 403, key: "" });
    for (const { html } of [late, refused]) {
      expect(html).toContain('<a class="totp-button" href="/sign-in?then=2fa">Sign in</a>');
    }
  });

  test("sends nobody there whose error is another one", async () => {
    const made = createPagesApp({ pages: { signInPath: "/sign-in" } });
    const browser = await signIn(made);
    const elsewhere = { "Sec-Fetch-Site": "cross-site" };
    const refused = await browser.post("/two-factor/setup", {}, elsewhere);
    expect(refused).toMatchObject({ status: 403, alert: "This form came from another site." });
    expect(refused.html).not.toContain('href="/sign-in"');
  });

  test("who is not signed in gets a 401, and no link that leads nowhere", async () => {
    const browser = new PagesBrowser(createPagesApp());
    for (const page of [await browser.get("/two-factor"), await browser.post(SETUP)]) {
      expect(page).toMatchObject({ status: 401, alert: "Sign in first." });
      expect(page.html).not.toContain("<a ");
    }
  });
});

test("a key that somebody planted in a cookie is not shown to a user who may not begin a setup", async () => {
  const made = createPagesApp({ pages: { authorizeSetup: () => false } });
  const planted = await begin(made, "ada");
  const browser = new PagesBrowser(made);
  await browser.post("/sign-in/ada");
  const cookie = { Cookie: `totp-setup=${planted}` };
  const page = await browser.post("/two-factor/setup", {}, cookie);
  expect(page.status).toBe(403);
  expect(page.html).not.toContain(planted);
});
