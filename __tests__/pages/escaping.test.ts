// No value of a user, a label, a text or a query leaves its place in a page.

import type { PageTexts } from "express-totp-setup/pages";
import fc from "fast-check";
import { html } from "../../lib/pages/html.js";
import { DEFAULT_TEXTS } from "../../lib/pages/texts.js";
import { NAMES } from "../helpers/names.js";
import { createPagesApp } from "../helpers/pages-app.js";
import { PagesBrowser, signIn, turnOn } from "../helpers/pages-browser.js";

const MARKS = [
  ..."<>\"'&;=/\\` \n\t\0",
  "<script>",
  "</p>",
  "<!--",
  "]]>",
  "&lt;",
  "&#34;",
  'x" y="',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...MARKS), fc.string({ unit: "binary" })), { maxLength: 8 })
  .map((parts) => parts.join(""));
const numRuns = process.env.TEST_ALL ? 200 : 20;

/**
 * The tags of a page with their attributes' names: what values must not change. Texts and attribute values
 * are left out, which cannot have `<`, and `"`, once escaped.
 */
function skeleton(markup: string): string[] {
  const tags = markup.match(/<[^>]*>?/g) ?? [];
  return tags.map((tag) => tag.replace(/="[^"]*"/g, "="));
}

test("a value in a template is a text of its own, in an element and in an attribute", () => {
  fc.assert(
    fc.property(text, (value) => {
      const { markup } = html`<p title="${value}">${value}</p>`;
      expect(skeleton(markup)).toEqual(["<p title=>", "</p>"]);
      const read = markup.slice(markup.indexOf(">") + 1, -4);
      expect(read).not.toMatch(/[<>"']/);
      expect(decode(read)).toBe(value);
    }),
    { numRuns: 500 },
  );
});

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const decode = (markup: string) =>
  markup.replace(/&([^;]+);/g, (_, name: string) => String(ENTITIES[name]));

test("no account name, label or query changes the tags of a page", async () => {
  const usual = await visit("ada", "Laptop", "/payouts", "123");
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(text, fc.constantFrom(...NAMES)),
      text,
      text,
      text,
      async (name, label, query, code) => {
        const pages = await visit(name, label, `/payouts?${query}`, `x${code}`);
        expect(pages).toEqual(usual);
      },
    ),
    { numRuns },
  );
});

async function visit(name: string, label: string, to: string, code: string) {
  const made = createPagesApp({ service: { accountName: () => name } });
  const browser = await signIn(made);
  const setup = await browser.post("/two-factor/setup");
  await turnOn(made);
  await made.totp.trustDevice("ada", { label: label || "x" });
  const path = "/two-factor/step-up";
  const query = encodeURIComponent(to);
  const pages = [
    setup,
    await browser.get("/two-factor"),
    await browser.get(`${path}?to=${query}&${query}`),
    await browser.post(path, { code, to: to, key: code }),
    await browser.post("/two-factor/setup", { code: code, to: to }),
    await browser.get(`/two-factor/login?${query}`),
  ];
  // The modules of the QR code are other ones for each name.
  return pages.map((page) => skeleton(page.html));
}

test("no text changes the tags of a page, as many as there are", async () => {
  const usual = await visitWith({});
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const names = Object.keys(DEFAULT_TEXTS) as (keyof PageTexts)[];
      const own = names.map((name) => {
        const standard = DEFAULT_TEXTS[name];
        if (typeof standard === "function") return [name, () => value];
        if (typeof standard === "string") return [name, value];
        return [name, Object.fromEntries(Object.keys(standard).map((reason) => [reason, value]))];
      });
      expect(await visitWith(Object.fromEntries(own))).toEqual(usual);
    }),
    { numRuns },
  );
});

async function visitWith(texts: Partial<PageTexts>) {
  const made = createPagesApp({ pages: { texts } });
  const browser = await signIn(made);
  const pages = [await browser.get("/two-factor"), await browser.post("/two-factor/setup")];
  const { fresh } = await turnOn(made);
  await made.totp.trustDevice("ada");
  for (const path of [
    "",
    "/setup",
    "/backup-codes",
    "/turn-off",
    "/step-up",
    "/nowhere",
    "/login",
  ]) {
    pages.push(await browser.get(`/two-factor${path}`));
  }
  pages.push(await browser.post("/two-factor/backup-codes", { code: fresh() }));
  pages.push(await browser.post("/two-factor/turn-off", { code: "x" }));
  const other = new PagesBrowser(made);
  await other.post("/sign-in/ada");
  pages.push(await other.get("/two-factor/login"));
  return pages.map((page) => skeleton(page.html));
}
