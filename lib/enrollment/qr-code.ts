import type { Awaitable } from "../base/awaitable.js";
import { invalid } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import { nested } from "../base/options.js";
import { QR_CODE_OPTIONS, type QrCodeOptions, type QrErrorCorrection } from "../qr/options.js";
import { renderQrCodeUrl } from "../qr/render.js";

/**
 * Renders an `otpauth://` URI and returns the URL of an image. The URI contains the secret, so never send it to another
 * service.
 *
 * @example
 * ```ts
 * import QRCode from "qrcode";
 *
 * const qrCode: QrCodeRenderer = (otpauthUri) => QRCode.toDataURL(otpauthUri);
 * const totp = createTotpService({ store, issuer: "Acme", qrCode });
 * ```
 */
export type QrCodeRenderer = (otpauthUri: string) => Awaitable<string>;

/**
 * What `qr_code_url` is: a PNG or SVG data URL, the `otpauth://` URI itself (`"uri"`), a data URL rendered with options
 * of your own, or the return value of a function.
 *
 * @example
 * ```ts
 * const qrCode: QrCodeOption = { format: "svg", moduleSize: 8 };
 * const totp = createTotpService({ store, issuer: "Acme", qrCode });
 * ```
 */
export type QrCodeOption = "png" | "svg" | "uri" | QrCodeOptions | QrCodeRenderer;

export interface QrCodePlan {
  /** Limits the length of a URI, also if the app renders the QR code itself. */
  errorCorrection: QrErrorCorrection;
  render: QrCodeRenderer;
}

const checkRendering = nested(QR_CODE_OPTIONS);

export function checkQrCode(option: string, value: unknown): QrCodePlan {
  if (value === "uri") return { errorCorrection: "M", render: (uri) => uri };
  if (typeof value === "function") {
    return { errorCorrection: "M", render: checkedRenderer(value as QrCodeRenderer) };
  }
  if (value === "png" || value === "svg") return rendering(option, { format: value });
  if (typeof value === "object" && value !== null) return rendering(option, value);
  return invalid(
    option,
    '"png", "svg", "uri", an object of rendering options, or a function',
    value,
  );
}

function rendering(option: string, given: object): QrCodePlan {
  const options = checkRendering(option, given);
  return {
    errorCorrection: options.errorCorrection,
    render: (uri) => renderQrCodeUrl(uri, options),
  };
}

function checkedRenderer(renderer: QrCodeRenderer): QrCodeRenderer {
  return async (uri) => {
    const url: unknown = await renderer(uri);
    if (typeof url === "string" && url !== "") return url;
    throw new TotpCallbackError("qrCode", {
      expected: "a non-empty string",
      got: describeKind(url),
    });
  };
}
