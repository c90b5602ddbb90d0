/** The encoder of `qrcode`, without its renderers: loading these takes longer than loading all of this library. */
declare module "qrcode/lib/core/qrcode.js" {
  import type QRCode from "qrcode";

  const encoder: Pick<typeof QRCode, "create">;
  export default encoder;
}
