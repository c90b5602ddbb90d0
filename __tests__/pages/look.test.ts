// The app's own look: layouts of two template engines and of none, and texts in other words and languages.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Express, Response } from "express";
import type { PageLayout, PageTexts } from "express-totp-setup/pages";
import handlebars from "handlebars";
import { createPagesApp } from "../helpers/pages-app.js";
import { signIn, turnOn } from "../helpers/pages-browser.js";
import { codeAt } from "../helpers/service.js";

const NASTY = `<b a="1">&'`;
const ESCAPED = "&lt;b a=&#34;1&#34;&gt;&amp;&#39;";
/** Handlebars escapes more, and otherwise. */
const asEjs = (markup: string) =>
  markup
    .replace(/&#x3D;/g, "=")
    .replace(/&#x27;/g, "&#39;")
    .replace(/&quot;/g, "&#34;");
const folder = mkdtempSync(path.join(tmpdir(), "layouts-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Renders a view of the app, whatever its engine is. */
const renderView = (res: Response, locals: object) =>
  new Promise<string>((resolve, reject) =>
    res.render("layout", locals, (error, html) => (error ? reject(error) : resolve(html))),
  );
const ofView: PageLayout = ({ res, req: _, ...content }) =>
  renderView(res, { ...content, user: NASTY });

const ENGINES: [string, string, (app: Express) => void][] = [
  [
    "ejs",
    `<!doctype html><html lang="<%= lang %>"><head><title><%= title %> – Acme</title><%- head %></head>
<body><header><%= user %></header><main><%- body %></main></body></html>`,
    (app) => app.engine("ejs", require("ejs").renderFile),
  ],
  [
    "hbs",
    `<!doctype html><html lang="{{lang}}"><head><title>{{title}} – Acme</title>{{{head}}}</head>
<body><header>{{user}}</header><main>{{{body}}}</main></body></html>`,
    (app) =>
      app.engine("hbs", (file, locals, done) => {
        done(null, handlebars.compile(readFileSync(file, "utf8"))(locals));
      }),
  ],
];

describe.each(ENGINES)("a layout in %s", (extension, template, register) => {
  test("wraps every page, also one that says what went wrong", async () => {
    const views = mkdtempSync(path.join(folder, "views-"));
    writeFileSync(path.join(views, `layout.${extension}`), template);
    const made = createPagesApp({
      pages: { layout: ofView },
      before: (app) => {
        register(app);
        app.set("views", views).set("view engine", extension);
      },
    });
    const browser = await signIn(made);
    const setup = await browser.post("/two-factor/setup");
    const code = codeAt(setup.key, made.clock.time);
    const seen = [
      setup,
      await browser.post("/two-factor/setup/confirm", { ...setup.fields, code }),
      await browser.get("/two-factor"),
      await browser.post("/two-factor/turn-off", {}, { "Sec-Fetch-Site": "cross-site" }),
    ];
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 403]);
    for (const { html, headers } of seen) {
      expect(html).toMatch(
        /^<!doctype html><html lang="en"><head><title>[^<]+ – Acme<\/title><link /,
      );
      expect(html).toContain('<main><div class="totp" lang="en"><h1>');
      const header = /<header>(.*?)<\/header>/.exec(html)?.[1] ?? "";
      expect(asEjs(header)).toBe(ESCAPED);
      expect(headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(headers["x-frame-options"]).toBe("DENY");
    }
  });
});

test("a layout is a plain function, too", async () => {
  const layout: PageLayout = ({ title, head, body, req }) =>
    `<title>${title}</title>${head}<nav>${req.path}</nav>${body}`;
  const browser = await signIn(createPagesApp({ pages: { layout } }));
  const { html } = await browser.get("/two-factor/setup");
  expect(html).toMatch(/^<title>Set up .*<nav>\/setup<\/nav><div class="totp"/s);
});

test.each([
  ["returns nothing, as res.render does", () => undefined],
  ["returns markup of another type", () => ({ markup: "" })],
  ["throws", () => Promise.reject(new Error("no such view"))],
])("a layout that %s is an error of the app", async (_, layout) => {
  const made = createPagesApp({ pages: { layout: layout as unknown as PageLayout } });
  const browser = await signIn(made);
  const page = await browser.get("/two-factor");
  expect(page.html).toMatch(/^the app's own/);
  expect(made.errors).toHaveLength(1);
  expect(made.escaped).toHaveLength(1);
});

test("a layout that responds itself is not responded to again", async () => {
  const layout: PageLayout = ({ body, res }) => {
    res.status(202).send(body);
    return body;
  };
  const made = createPagesApp({ pages: { layout } });
  const page = await (await signIn(made)).get("/two-factor");
  expect(page).toMatchObject({ status: 202, heading: "Two-factor authentication" });
  expect([made.errors, made.escaped]).toEqual([[], []]);
});

describe("texts", () => {
  const GERMAN: Partial<PageTexts> = {
    lang: "de",
    title: "Zwei-Faktor-Anmeldung",
    off: "Aus",
    setUp: "Einrichten",
    on: (since) => `An seit ${since.toISOString().slice(0, 10)}`,
    backupCodesLeft: (count) => `noch ${count} Ersatzcodes`,
    reasons: { malformed_code: "Das ist kein Code." },
  };
  const texts = ({ headers }: { headers: NodeJS.Dict<string | string[]> }) =>
    headers["accept-language"] === "de" ? GERMAN : {};

  test("are those of the language of a request", async () => {
    const made = createPagesApp({ pages: { texts } });
    const browser = await signIn(made);
    const german = { "Accept-Language": "de" };
    const off = await browser.get("/two-factor", german);
    expect(off.heading).toBe("Zwei-Faktor-Anmeldung");
    expect(off.html).toContain('<html lang="de">');
    expect(off.html).toContain("<p>Aus</p>");
    expect((await browser.get("/two-factor")).html).toContain("<p>Off</p>");
    await turnOn(made);
    const on = await browser.get("/two-factor", german);
    expect(on.html).toContain("An seit 2033-05-18");
    expect(on.html).toContain("noch 3 Ersatzcodes");
    // What is not translated stays English, word by word.
    expect(on.html).toContain(">Turn off</a>");
    const wrong = await browser.post("/two-factor/turn-off", { code: "x" }, german);
    expect(wrong.alert).toBe("Das ist kein Code.");
    expect((await browser.post("/two-factor/turn-off", {}, german)).alert).toBe("Enter a code.");
  });

  test("are those of one object", async () => {
    const browser = await signIn(createPagesApp({ pages: { texts: { setUp: "Protect me" } } }));
    expect((await browser.get("/two-factor")).html).toContain(">Protect me</a>");
  });

  test.each([undefined, null, { title: undefined }, {}])(
    "%j leaves them as they are",
    async (own) => {
      const browser = await signIn(createPagesApp({ pages: { texts: () => own as object } }));
      expect((await browser.get("/two-factor")).heading).toBe("Two-factor authentication");
    },
  );

  test.each(["constructor", "toString", "__proto__"])(
    "say nothing of the reason %s",
    async (reason) => {
      const error = Object.assign(new Error("x"), { status: 403, reason });
      const made = createPagesApp({ pages: { getUser: () => Promise.reject(error) } });
      const page = await (await signIn(made)).get("/two-factor");
      expect(page).toMatchObject({ status: 403, alert: "Something went wrong. Try again later." });
    },
  );
});
