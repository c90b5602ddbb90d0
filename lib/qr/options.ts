import { integerBetween, oneOf } from "../base/checks.js";
import { type OptionTable, type Resolved, withDefault } from "../base/options.js";

/** How much damage a QR code survives (ISO/IEC 18004): about 7 %, 15 %, 25 % and 30 % of it. */
export type QrErrorCorrection = "L" | "M" | "Q" | "H";

/** How a QR code is drawn. */
export interface QrCodeOptions {
  /**
   * The image format of the data URL.
   *
   * @default "png"
   */
  format?: "png" | "svg" | undefined;
  /**
   * Pixels a module (the small squares) is wide and high, 4 to 20.
   *
   * @default 4
   */
  moduleSize?: number | undefined;
  /**
   * Modules of white border on each side, 4 to 20. ISO/IEC 18004 asks for at least 4; scanners refuse less.
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
