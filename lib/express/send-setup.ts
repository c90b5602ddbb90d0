import type { ServerResponse } from "node:http";
import { oneOf } from "../base/checks.js";
import { withDefault } from "../base/options.js";
import { sendJson } from "../http/json-response.js";

export const OTPAUTH_URI_OPTION = withDefault(false, oneOf([true, false]));

interface Begun {
  secret: string;
  qrCodeUrl: string;
  otpauthUri: string;
}

/** Responds with a setup that has begun. Both routers use it. */
export function sendSetup(
  res: ServerResponse,
  { secret, qrCodeUrl, otpauthUri }: Begun,
  options: { otpauthUri: boolean },
): void {
  const more = options.otpauthUri && { otpauth_uri: otpauthUri };
  sendJson(res, 200, { qr_code_url: qrCodeUrl, secret, ...more });
}
