// Prints how long a QR code takes to draw, and how long its URL is, beside `QRCode.toDataURL`.
import { randomBytes } from "node:crypto";
import QRCode from "qrcode";
import { encodeText } from "../lib/qr/encode.js";
import { encodePng } from "../lib/qr/png/encode-png.js";
import { renderQrCode } from "../lib/qr/render.js";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ROUNDS = 20;

/** As many as keep the branch predictor from learning one by heart. */
const uris = Array.from({ length: 500 }, () => {
  const secret = Array.from(randomBytes(32), (byte) => BASE32[byte % 32]).join("");
  return `otpauth://totp/Acme:alice%40example.com?secret=${secret}&issuer=Acme`;
});
const symbols = uris.map((uri) => encodeText(uri, "M"));

/** CPU time of one call in microseconds: the fastest of the rounds, each of which goes through all items. */
async function time<T>(items: readonly T[], draw: (item: T) => unknown): Promise<string> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    for (const item of items) {
      const drawn = draw(item);
      if (drawn instanceof Promise) await drawn;
    }
    const { user, system } = process.cpuUsage(start);
    fastest = Math.min(fastest, (user + system) / items.length);
  }
  return `${fastest.toFixed(1)} µs`;
}

function meanLength(urls: readonly string[]): string {
  return `${Math.round(urls.reduce((sum, url) => sum + url.length, 0) / urls.length)} characters`;
}

const some = uris.slice(0, 20);
const theirs = await Promise.all(some.map((uri) => QRCode.toDataURL(uri)));
console.table({
  "symbol with its mask": { time: await time(uris, (uri) => encodeText(uri, "M")) },
  "PNG of a symbol": { time: await time(symbols, (symbol) => encodePng(symbol, 4, 4)) },
  "renderQrCode, PNG": {
    time: await time(uris, (uri) => renderQrCode(uri)),
    URL: meanLength(uris.map((uri) => renderQrCode(uri))),
  },
  "renderQrCode, SVG": {
    time: await time(uris, (uri) => renderQrCode(uri, { format: "svg" })),
    URL: meanLength(uris.map((uri) => renderQrCode(uri, { format: "svg" }))),
  },
  "QRCode.toDataURL": {
    time: await time(some, (uri) => QRCode.toDataURL(uri)),
    URL: meanLength(theirs),
  },
});
