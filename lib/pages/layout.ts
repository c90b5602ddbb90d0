import type { Request, Response } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { html, trusted } from "./html.js";

/** A page on its way into a layout. */
export interface PageContent {
  title: string;
  /** The language of the page's texts. */
  lang: string;
  /** Markup for the `<head>`: the style sheet and the script of the pages. */
  head: string;
  /** Markup of the page itself. */
  body: string;
  req: Request;
  res: Response;
}

/** Returns the whole document of a page. `head` and `body` are markup; `title` and `lang` are texts to be escaped. */
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
