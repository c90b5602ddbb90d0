import type { ServerResponse } from "node:http";

/**
 * Answers with JSON, once: where an answer was sent already, this does nothing. It goes past `res.json`
 * on purpose: an ETag would be a hash of the secret, and the app's JSON settings would move the contract.
 */
export function sendJson(res: ServerResponse, status: number, body: object): void {
  if (res.headersSent || res.writableEnded) return;
  res.statusCode = status;
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.setHeader("Cache-Control", "no-store");
  res.end(JSON.stringify(body));
}

/** Answers that all is done and there is nothing to say. */
export function sendNoContent(res: ServerResponse): void {
  if (res.headersSent || res.writableEnded) return;
  res.statusCode = 204;
  res.setHeader("Cache-Control", "no-store");
  res.end();
}
