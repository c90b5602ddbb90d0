import { invalid } from "../base/checks.js";
import { TotpConfigError } from "../base/errors.js";
import { resolveOptions } from "../base/options.js";
import { qrCodeOverflow } from "./capacity.js";
import { encodeText } from "./encode.js";
import { QR_CODE_OPTIONS, type QrCodeOptions, type ResolvedQrCodeOptions } from "./options.js";
import { encodePng } from "./png/encode-png.js";
import { svgDataUrl, svgMarkup } from "./svg.js";

/**
 * Draws a QR code and gives it as a data URL, ready for the `src` of an `<img>`. By default it is a PNG of
 * 4 pixels a module: 180 × 180 pixels and under 600 characters for an otpauth URI of usual length.
 *
 * @param text - What the code says, such as the URI that `createOtpauthUri` builds.
 * @throws {@link TotpConfigError} `INVALID_OPTION`, `MISSING_OPTION` or `UNKNOWN_OPTION`; also where the text
 * is longer than a QR code of that error correction level can be.
 * @example
 * ```ts
 * const uri = createOtpauthUri({ secret: generateSecret(), accountName: "ada@example.com", issuer: "Acme" });
 * const src = renderQrCode(uri, { format: "svg", moduleSize: 6 });
 * const html = `<img src="${src}" alt="QR code for your authenticator app">`;
 * ```
 */
export function renderQrCode(text: string, options: QrCodeOptions = {}): string {
  const resolved = resolveOptions("options", QR_CODE_OPTIONS, options);
  if (typeof text !== "string" || text === "") return invalid("text", "a non-empty string", text);
  const overflow = qrCodeOverflow(text, resolved.errorCorrection);
  if (overflow) throw tooLong(overflow.needed, overflow.limit, resolved.errorCorrection);
  return renderQrCodeUrl(text, resolved);
}

/** {@link renderQrCode} for a text and options that were checked before. */
export function renderQrCodeUrl(text: string, options: ResolvedQrCodeOptions): string {
  const { format, moduleSize, margin, errorCorrection } = options;
  const symbol = encodeText(text, errorCorrection);
  if (format === "svg") return svgDataUrl(symbol, moduleSize, margin);
  return `data:image/png;base64,${encodePng(symbol, moduleSize, margin).toString("base64")}`;
}

/** Large enough to scan from an arm's length, and whole pixels, so that all modules are of one size. */
const MARKUP_MODULE_SIZE = 5;

/** The SVG itself, for a page to have inline. The text is one that was checked before. */
export function renderQrCodeMarkup(text: string): string {
  const { margin, errorCorrection } = resolveOptions("options", QR_CODE_OPTIONS, {});
  return svgMarkup(encodeText(text, errorCorrection), MARKUP_MODULE_SIZE, margin);
}

function tooLong(needed: number, limit: number, errorCorrection: string): TotpConfigError {
  return new TotpConfigError("INVALID_OPTION", "text", {
    expected: `at most ${limit} bytes, the most in a QR code of error correction ${errorCorrection}`,
    got: `a text that takes ${needed} bytes`,
    fix:
      errorCorrection === "L"
        ? "Shorten the text."
        : "Shorten the text, or lower the option errorCorrection.",
  });
}
