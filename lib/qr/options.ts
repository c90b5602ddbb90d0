import { integerBetween, oneOf, optionsObject, rejectUnknownOptions } from "../base/checks.js";

/** How much damage a QR code survives (ISO/IEC 18004): about 7 %, 15 %, 25 % and 30 % of it. */
export type QrErrorCorrection = "L" | "M" | "Q" | "H";

/** How a QR code is drawn. */
export interface QrCodeOptions {
  /**
   * The image format of the data URL.
   *
   * @default "png"
   */
  format?: "png" | "svg";
  /**
   * Pixels a module (the small squares) is wide and high, 4 to 20.
   *
   * @default 4
   */
  moduleSize?: number;
  /**
   * Modules of white border on each side, 4 to 20. ISO/IEC 18004 asks for at least 4; scanners refuse less.
   *
   * @default 4
   */
  margin?: number;
  /**
   * Error correction level.
   *
   * @default "M"
   */
  errorCorrection?: QrErrorCorrection;
}

export type ResolvedQrCodeOptions = Required<QrCodeOptions>;

const OPTION_NAMES = ["format", "moduleSize", "margin", "errorCorrection"];

const checkFormat = oneOf(["png", "svg"]);
const checkModuleSize = integerBetween(4, 20, "It is in pixels.");
const checkMargin = integerBetween(4, 20, "It is in modules, not in pixels.");
const checkErrorCorrection = oneOf(["L", "M", "Q", "H"]);

/**
 * Checks the options and puts the defaults in place. `of` goes before the names in error messages, such
 * as `qrCode.` where the options are part of others.
 *
 * @throws {@link TotpConfigError} for the first thing that is wrong.
 */
export function resolveQrCodeOptions(given: QrCodeOptions = {}, of = ""): ResolvedQrCodeOptions {
  rejectUnknownOptions(optionsObject(given, of.replace(/\.$/, "") || "options"), OPTION_NAMES, of);
  return {
    format: checkFormat(`${of}format`, given.format ?? "png"),
    moduleSize: checkModuleSize(`${of}moduleSize`, given.moduleSize ?? 4),
    margin: checkMargin(`${of}margin`, given.margin ?? 4),
    errorCorrection: checkErrorCorrection(`${of}errorCorrection`, given.errorCorrection ?? "M"),
  };
}
