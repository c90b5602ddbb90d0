import type { ServerResponse } from "node:http";

/**
 * Responds with JSON, unless a response was sent already. Does not use `res.json`, whose ETag would be a hash of the
 * secret, and which depends on the app's JSON settings.
 */
export function sendJson(res: ServerResponse, status: number, body: object): void {
  if (res.headersSent || res.writableEnded) return;
  res.statusCode = status;
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.setHeader("Cache-Control", "no-store");
  res.end(JSON.stringify(body));
}

/** Responds with a 204, unless a response was sent already. */
export function sendNoContent(res: ServerResponse): void {
  if (res.headersSent || res.writableEnded) return;
  res.statusCode = 204;
  res.setHeader("Cache-Control", "no-store");
  res.end();
}
