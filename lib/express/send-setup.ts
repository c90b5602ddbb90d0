import type { ServerResponse } from "node:http";
import { sendJson } from "../http/json-response.js";

/** Responds to a setup that has begun: the same two keys from both routers. */
export function sendSetup(
  res: ServerResponse,
  { secret, qrCodeUrl }: { secret: string; qrCodeUrl: string },
): void {
  sendJson(res, 200, { qr_code_url: qrCodeUrl, secret });
}
