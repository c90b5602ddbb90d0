import type { Request, Response } from "express";
import createHttpError from "http-errors";
import { callWithin } from "../base/call-within.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import { assetLinks } from "./assets/assets.js";
import { type Html, html } from "./html.js";
import type { PagesConfig } from "./options.js";
import { readTarget } from "./target.js";
import { mergeTexts, type PageTexts } from "./texts.js";

/** The argument of the handler of a page. */
export interface PageContext {
  config: PagesConfig;
  req: Request;
  res: Response;
  texts: PageTexts;
  /** The mount path of the pages, which their links begin with. */
  base: string;
  /** The address of the overview. */
  home: string;
}

export function createContext(config: PagesConfig, req: Request, res: Response): PageContext {
  const { texts } = config;
  const own = typeof texts === "function" ? texts(req) : texts;
  const base = baseOf(req);
  return { config, req, res, texts: mergeTexts(own), base, home: base || "/" };
}

/** If the mount path has a wildcard, a client controls it, so that it could be another host: `//evil.example`. */
function baseOf({ baseUrl }: Request): string {
  const base = baseUrl === "" ? "" : readTarget(baseUrl);
  if (base === undefined) throw createHttpError(404);
  return base;
}

/** Sends a page that cannot be framed or cached, and whose URL is not sent to other sites. */
export async function sendPage(
  { config, req, res, base, texts }: PageContext,
  status: number,
  title: string,
  body: Html,
): Promise<void> {
  const { layout, timeoutMs } = config;
  const head = assetLinks(base).markup;
  const { lang } = texts;
  const markup = html`<div class="totp" lang="${lang}">${body}</div>`.markup;
  const document: unknown = await callWithin("layout", timeoutMs, () =>
    layout({ title, lang, head, body: markup, req, res }),
  );
  // `res.render` without a callback returns nothing, and sends the page without these headers.
  if (typeof document !== "string") {
    const expected = "the HTML of the page, a string";
    throw new TotpCallbackError("layout", { expected, got: describeKind(document) });
  }
  if (res.headersSent) return;
  res.statusCode = status;
  // In addition to a policy of the app: browsers enforce both.
  res.append("Content-Security-Policy", "frame-ancestors 'none'; base-uri 'none'");
  for (const [name, value] of Object.entries(PAGE_HEADERS)) res.setHeader(name, value);
  res.end(document);
}

/** Redirects to another page, which is requested with GET. */
export function redirect({ res }: PageContext, path: string): void {
  if (res.headersSent) return;
  res.statusCode = 303;
  res.setHeader("Location", path);
  res.setHeader("Cache-Control", "no-store");
  res.end();
}

const PAGE_HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-store",
  "X-Frame-Options": "DENY",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
};
