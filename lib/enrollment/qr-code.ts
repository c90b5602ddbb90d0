import type { Awaitable } from "../base/awaitable.js";
import { invalid } from "../base/checks.js";
import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";
import type { QrCodeOptions, QrErrorCorrection } from "../qr/options.js";
import { renderQrCodeUrl, resolveQrCodeOptions } from "../qr/render.js";

/** Makes the URL of an image out of an otpauth URI. The URI contains the secret: send it to no one. */
export type QrCodeRenderer = (otpauthUri: string) => Awaitable<string>;

/** What `qr_code_url` becomes. */
export type QrCodeOption = "png" | "svg" | "uri" | QrCodeOptions | QrCodeRenderer;

export interface QrCodePlan {
  /** The level that decides how long a URI may be; kept to also where the app draws the code itself. */
  errorCorrection: QrErrorCorrection;
  render: QrCodeRenderer;
}

export function resolveQrCode(value: unknown): QrCodePlan {
  if (value === "uri") return { errorCorrection: "M", render: (uri) => uri };
  if (typeof value === "function") {
    return { errorCorrection: "M", render: checkedRenderer(value as QrCodeRenderer) };
  }
  if (value === "png" || value === "svg") return rendering({ format: value });
  if (typeof value === "object" && value !== null) return rendering(value);
  return invalid(
    "qrCode",
    '"png", "svg", "uri", an object of rendering options, or a function',
    value,
  );
}

function rendering(given: QrCodeOptions): QrCodePlan {
  const options = resolveQrCodeOptions(given, "qrCode.");
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
