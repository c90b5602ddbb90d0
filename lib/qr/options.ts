import { integerBetween, oneOf } from "../base/checks.js";
import { type OptionTable, type Resolved, withDefault } from "../base/options.js";

/**
 * How much damage a QR code tolerates (ISO/IEC 18004): about 7 %, 15 %, 25 %, or 30 % of it.
 *
 * @example
 * ```ts
 * const errorCorrection: QrErrorCorrection = "H";
 * const url = renderQrCode("otpauth://totp/…", { errorCorrection });
 * ```
 */
export type QrErrorCorrection = "L" | "M" | "Q" | "H";

/**
 * How a QR code is rendered.
 *
 * @example
 * ```ts
 * const options: QrCodeOptions = { format: "svg", moduleSize: 8 };
 * const url = renderQrCode("otpauth://totp/…", options);
 * ```
 */
export interface QrCodeOptions {
  /**
   * Image format of the data URL.
   *
   * @default "png"
   */
  format?: "png" | "svg" | undefined;
  /**
   * Pixels per module (the small squares), 4 to 20.
   *
   * @default 4
   */
  moduleSize?: number | undefined;
  /**
   * Width of the white border in modules, 4 to 20. ISO/IEC 18004 requires 4.
   *
   * @default 4
   */
  margin?: number | undefined;
  /**
   * Error correction level.
   *
   * @default "M"
   */
  errorCorrection?: QrErrorCorrection | undefined;
}

export const QR_CODE_OPTIONS = {
  format: withDefault("png", oneOf(["png", "svg"])),
  moduleSize: withDefault(4, integerBetween(4, 20, "It is in pixels.")),
  margin: withDefault(4, integerBetween(4, 20, "It is in modules, not in pixels.")),
  errorCorrection: withDefault("M", oneOf(["L", "M", "Q", "H"])),
} satisfies OptionTable<QrCodeOptions>;

export type ResolvedQrCodeOptions = Resolved<typeof QR_CODE_OPTIONS>;
