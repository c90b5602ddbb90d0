import { createHash } from "node:crypto";
import type { Router } from "express";
import { type Html, html } from "../html.js";
import { SCRIPT } from "./script.js";
import { STYLE } from "./style.js";

interface Asset {
  path: string;
  type: string;
  content: string;
}

/** The name changes with the content, so that browsers can cache it forever. */
function asset(name: string, extension: string, type: string, content: string): Asset {
  const hash = createHash("sha256").update(content).digest("base64url").slice(0, 12);
  return { path: `/assets/${name}.${hash}.${extension}`, type, content };
}

const STYLE_ASSET = asset("totp", "css", "text/css; charset=utf-8", STYLE);
const SCRIPT_ASSET = asset("totp", "js", "text/javascript; charset=utf-8", SCRIPT);

export function mountAssets(router: Router): void {
  for (const { path, type, content } of [STYLE_ASSET, SCRIPT_ASSET]) {
    router.get(path, (_req, res) => {
      res.setHeader("Content-Type", type);
      res.setHeader("Cache-Control", "public, max-age=31536000, immutable");
      res.setHeader("X-Content-Type-Options", "nosniff");
      res.end(content);
    });
  }
}

/** Returns markup for the head of a page. */
export function assetLinks(basePath: string): Html {
  return html`<link rel="stylesheet" href="${basePath + STYLE_ASSET.path}">
<script src="${basePath + SCRIPT_ASSET.path}" defer></script>`;
}
