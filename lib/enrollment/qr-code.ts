import type { Awaitable } from "../base/awaitable.js";
import { invalid } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import { nested } from "../base/options.js";
import { QR_CODE_OPTIONS, type QrCodeOptions, type QrErrorCorrection } from "../qr/options.js";
import { renderQrCodeUrl } from "../qr/render.js";

/** Makes the URL of an image out of an otpauth URI. The URI contains the secret: send it to no one. */
export type QrCodeRenderer = (otpauthUri: string) => Awaitable<string>;

/** What `qr_code_url` becomes. */
export type QrCodeOption = "png" | "svg" | "uri" | QrCodeOptions | QrCodeRenderer;

export interface QrCodePlan {
  /** The level that decides how long a URI may be; kept to also where the app draws the code itself. */
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
