import type { QrCodeOptions } from "../../lib/qr/options.js";
import { renderQrCode } from "../../lib/qr/render.js";
import { canTestWith, itWith } from "../helpers/programs.js";
import {
  pngBytes,
  rasterize,
  type Scan,
  scanWithJsQr,
  scanWithZbar,
  stackSvgs,
  svgMarkup,
} from "../helpers/qr-images.js";
import { generateUris } from "../helpers/qr-uris.js";

jest.setTimeout(60_000);

const SEED = 20_260_101;
const uris = generateUris(SEED, process.env.TEST_ALL ? 240 : 60);

const hasZbar = canTestWith("zbarimg", "that QR codes can be scanned (jsQR scans them instead)");
const scan: Scan = hasZbar ? scanWithZbar : scanWithJsQr;
const SVGS_A_SHEET = hasZbar ? 20 : 1;
// jsQR takes seconds for large pictures.
const some = uris.slice(hasZbar ? -6 : -2);

function renderPngs(texts: readonly string[], options?: QrCodeOptions): Buffer[] {
  return texts.map((text) => pngBytes(renderQrCode(text, options)));
}

async function renderSvgs(texts: readonly string[]): Promise<Buffer[]> {
  const svgs = texts.map((text) => svgMarkup(renderQrCode(text, { format: "svg" })));
  const sheets: Buffer[] = [];
  for (let i = 0; i < svgs.length; i += SVGS_A_SHEET) {
    sheets.push(await rasterize(stackSvgs(svgs.slice(i, i + SVGS_A_SHEET))));
  }
  return sheets;
}

test("a PNG says exactly the URI, whatever the names", async () => {
  expect(await scan(renderPngs(uris))).toEqual(uris);
});

itWith("rsvg-convert", "an SVG says exactly the URI, whatever the names", async () => {
  // A sheet is not read from top to bottom.
  expect((await scan(await renderSvgs(uris))).sort()).toEqual([...uris].sort());
});

test.each(["L", "M", "Q", "H"] as const)("level %s can be scanned", async (errorCorrection) => {
  expect(await scan(renderPngs(some, { errorCorrection }))).toEqual(some);
});

test.each([4, 5, 6, 7, 8, 13, 20])("modules of %i pixels can be scanned", async (moduleSize) => {
  expect(await scan(renderPngs(some, { moduleSize, margin: 5 }))).toEqual(some);
});
