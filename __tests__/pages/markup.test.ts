// What a form sends, and where to: exactly, because a browser does what the markup says.
import { html } from "../../lib/pages/html.js";
import { createPagesApp } from "../helpers/pages-app.js";
import { PagesBrowser, type SeenPage, signIn, turnOn } from "../helpers/pages-browser.js";
import { wrongCode } from "../helpers/service.js";

/** Each form with its button, and the field for a code if there is one. */
function formsOf({ html }: SeenPage): unknown[] {
  return [...html.matchAll(/<form method="post" action="([^"]*)">([\s\S]*?)<\/form>/g)].map(
    ([, action, inner = ""]) => {
      const [, attributes = "", button] = /<button([^>]*)>([^<]*)<\/button>/.exec(inner) ?? [];
      const field = /<input (id="totp-code" [^>]*)>/.exec(inner)?.[1];
      return [action, `${button}${attributes}`, ...(field === undefined ? [] : [field])];
    },
  );
}

const field = (more: string, inputmode = "text", describedBy = "totp-help") =>
  `id="totp-code" name="code" type="text" inputmode="${inputmode}" autocomplete="one-time-code" autocapitalize="off" spellcheck="false" maxlength="64" required aria-describedby="${describedBy}"${more}`;
const CODE = field(" autofocus");
const WRONG = field(' autofocus aria-invalid="true"', "text", "totp-problem totp-help");
const BASE = "/two-factor";

test("the forms of a user whose TOTP is off", async () => {
  const made = createPagesApp();
  const browser = await signIn(made);
  expect(formsOf(await browser.get(BASE))).toEqual([]);
  expect(formsOf(await browser.get(`${BASE}/setup`))).toEqual([[`${BASE}/setup`, "Continue"]]);
  const begun = await browser.post(`${BASE}/setup`);
  // Without focus: a phone would scroll past the QR code.
  expect(formsOf(begun)).toEqual([[`${BASE}/setup/confirm`, "Turn on", field("", "numeric")]]);
  const code = wrongCode(made.clock.time, begun.key);
  const wrong = await browser.post(`${BASE}/setup/confirm`, { key: begun.key, code });
  const described = "totp-problem totp-help";
  const invalid = field(' autofocus aria-invalid="true"', "numeric", described);
  expect(formsOf(wrong)).toEqual([[`${BASE}/setup/confirm`, "Turn on", invalid]]);
});

test("the forms of a user whose TOTP is on", async () => {
  const made = createPagesApp();
  const browser = await signIn(made);
  const { secret } = await turnOn(made);
  const forms = {
    setup: "Continue",
    "backup-codes": "New backup codes",
    "turn-off": 'Turn off class="totp-danger"',
    "step-up": "Continue",
  };
  for (const [path, button] of Object.entries(forms)) {
    const at = `${BASE}/${path}`;
    const page = await browser.get(at);
    expect(formsOf(page)).toEqual([[at, button, CODE]]);
    expect(page.html).toContain(
      '<p class="totp-muted" id="totp-help">A code from your authenticator app, or a backup code</p>',
    );
    made.clock.advance(86_400);
    const code = wrongCode(made.clock.time, secret);
    expect(formsOf(await browser.post(at, { code }))).toEqual([[at, button, WRONG]]);
  }
  const moving = await browser.get(`${BASE}/setup?to=/payouts`);
  expect(moving.fields).toEqual({ to: "/payouts" });
  const overview = await browser.get(BASE);
  expect(overview.html).not.toContain("Trusted devices");
  await made.totp.trustDevice("ada");
  const listed = await browser.get(BASE);
  expect(listed.html).toContain("<h2>Trusted devices</h2>");
  expect(formsOf(listed)).toEqual([[`${BASE}/devices`, 'Revoke class="totp-quiet"']]);
});

test("the forms of a login, also of one that requires a setup", async () => {
  const made = createPagesApp({ mustEnroll: true });
  const browser = new PagesBrowser(made);
  await browser.post("/sign-in/ada");
  const at = `${BASE}/login`;
  expect(formsOf(await browser.get(at))).toEqual([[`${at}/setup`, "Continue"]]);
  for (let tab = 0; tab < 2; tab++) {
    const begun = await browser.post(`${at}/setup`);
    expect(formsOf(begun)).toEqual([[at, "Turn on", field("", "numeric")]]);
    expect(begun.html).not.toContain(">Back</a>");
    const wrong = await browser.post(at, { key: begun.key, code: "12345" });
    expect(formsOf(wrong)).toEqual([[at, "Turn on", expect.stringContaining("aria-invalid")]]);
  }
  const eve = createPagesApp();
  await turnOn(eve);
  const other = new PagesBrowser(eve);
  await other.post("/sign-in/ada");
  expect(formsOf(await other.get(at))).toEqual([[at, "Sign in", CODE]]);
  const untrusting = await other.post(at, { code: "12345" });
  expect(untrusting.html).toContain('name="trust_device" value="yes"> Trust this device');
});

test("the buttons that the script shows", async () => {
  const made = createPagesApp();
  const browser = await signIn(made);
  const button = (action: string, label: string, more = "") =>
    `<button class="totp-quiet" type="button" hidden data-totp-action="${action}"${more}>${label}</button>`;
  const copy = button("copy", "Copy", ' data-totp-done="Copied"');
  expect((await browser.post(`${BASE}/setup`)).html).toContain(copy);
  const { fresh } = await turnOn(made);
  const { html } = await browser.post(`${BASE}/backup-codes`, { code: fresh() });
  for (const each of [copy, button("download", "Download"), button("print", "Print")]) {
    expect(html).toContain(each);
  }
});

test("missing values are nothing, and lists stand without separators", () => {
  const { markup } = html`a${undefined}b${null}c${false}d${["<", html`<i>`, 5, null]}e`;
  expect(markup).toBe("abcd&lt;<i>5e");
});
