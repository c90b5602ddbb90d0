import type { Request, Response } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { html, trusted } from "./html.js";

/**
 * The parts of a page, for a {@link PageLayout}. `head` and `body` are markup. `title` and `lang` are plain text, which
 * the layout must escape.
 *
 * @example
 * ```ts
 * const layout = ({ head, body }: PageContent) => `<!doctype html><head>${head}</head><body>${body}</body>`;
 * ```
 */
export interface PageContent {
  /** The title of the page, as plain text. */
  title: string;
  /** The language of the texts, as plain text. */
  lang: string;
  /** Markup for the `<head>`: the style sheet and the script of the pages. */
  head: string;
  /** Markup of the page itself. */
  body: string;
  /** The request. */
  req: Request;
  /** The response, for `res.app` and `res.locals`. Do not send it. */
  res: Response;
}

/**
 * Returns the whole HTML document of a page.
 *
 * @example
 * ```ts
 * const layout: PageLayout = ({ title, head, body, res }) =>
 *   new Promise((resolve, reject) => {
 *     const locals = { title, head, body };
 *     res.app.render("layout", locals, (error, html) => (error ? reject(error) : resolve(html)));
 *   });
 * app.use("/two-factor", createTotpPages({ totp, getUser, authorizeSetup, layout }));
 * ```
 */
export type PageLayout = (content: PageContent) => Awaitable<string>;

export function defaultLayout({ title, lang, head, body }: PageContent): string {
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${trusted(head)}
</head>
<body class="totp-page">
<main>
${trusted(body)}
</main>
</body>
</html>
`.markup;
}
