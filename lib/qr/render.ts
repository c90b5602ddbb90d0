import { invalid } from "../base/checks.js";
import { TotpConfigError } from "../base/errors.js";
import { resolveOptions } from "../base/options.js";
import { qrCodeOverflow } from "./capacity.js";
import { encodeText } from "./encode.js";
import { QR_CODE_OPTIONS, type QrCodeOptions, type ResolvedQrCodeOptions } from "./options.js";
import { encodePng } from "./png/encode-png.js";
import { svgDataUrl, svgMarkup } from "./svg.js";

/**
 * Renders a QR code (ISO/IEC 18004) and returns it as a data URL, for the `src` of an `<img>`. By default, it is a PNG
 * with 4 pixels per module: 180 × 180 pixels and less than 600 characters for an otpauth URI of typical length.
 *
 * @param text - Text of the QR code, such as the return value of {@link createOtpauthUri}.
 * @returns A `data:image/png` or `data:image/svg+xml` URL.
 * @throws {@link TotpConfigError} if an option is unknown or invalid, or the text is too long for a QR code with this
 *   error correction level.
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

/** {@link renderQrCode} for a text and options that are already checked. */
export function renderQrCodeUrl(text: string, options: ResolvedQrCodeOptions): string {
  const { format, moduleSize, margin, errorCorrection } = options;
  const symbol = encodeText(text, errorCorrection);
  if (format === "svg") return svgDataUrl(symbol, moduleSize, margin);
  return `data:image/png;base64,${encodePng(symbol, moduleSize, margin).toString("base64")}`;
}

/** Large enough to scan at arm's length. An integer, so that all modules have the same size. */
const MARKUP_MODULE_SIZE = 5;

/** Renders an inline SVG for a page. The text is already checked. */
export function renderQrCodeMarkup(text: string): string {
  const { margin, errorCorrection } = resolveOptions("options", QR_CODE_OPTIONS, {});
  return svgMarkup(encodeText(text, errorCorrection), MARKUP_MODULE_SIZE, margin);
}

function tooLong(needed: number, limit: number, errorCorrection: string): TotpConfigError {
  return new TotpConfigError("INVALID_OPTION", "text", {
    expected: `at most ${limit} bytes, the capacity of a QR code with error correction ${errorCorrection}`,
    got: `a text that requires ${needed} bytes`,
    fix:
      errorCorrection === "L"
        ? "Shorten the text."
        : "Shorten the text, or lower the option errorCorrection.",
  });
}
