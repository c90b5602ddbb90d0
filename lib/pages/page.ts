import type { Request, Response } from "express";
import { callWithin } from "../base/call-within.js";
import { assetLinks } from "./assets/assets.js";
import { type Html, html } from "./html.js";
import type { PagesConfig } from "./options.js";
import { DEFAULT_TEXTS, type PageTexts } from "./texts.js";

/** What a handler of a page works with. */
export interface PageContext {
  config: PagesConfig;
  req: Request;
  res: Response;
  texts: PageTexts;
  /** Where the pages are mounted: what their links begin with. */
  base: string;
}

export function createContext(config: PagesConfig, req: Request, res: Response): PageContext {
  const { texts } = config;
  const own = typeof texts === "function" ? texts(req) : texts;
  const reasons = { ...DEFAULT_TEXTS.reasons, ...own.reasons };
  return { config, req, res, texts: { ...DEFAULT_TEXTS, ...own, reasons }, base: req.baseUrl };
}

/** Sends a page. None may be framed, kept, or told to other sites. */
export async function sendPage(
  { config, req, res, base }: PageContext,
  status: number,
  title: string,
  body: Html,
): Promise<void> {
  const { layout, timeoutMs } = config;
  const head = assetLinks(base).markup;
  const markup = html`<div class="totp">${body}</div>`.markup;
  const document = await callWithin("layout", timeoutMs, () =>
    layout({ title, head, body: markup, req, res }),
  );
  if (res.headersSent) return;
  res.statusCode = status;
  // Beside a policy of the app: browsers keep to both.
  res.append("Content-Security-Policy", "frame-ancestors 'none'; base-uri 'none'");
  for (const [name, value] of Object.entries(PAGE_HEADERS)) res.setHeader(name, value);
  res.end(document);
}

/** Goes on to another page, by GET whatever the method was. */
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
