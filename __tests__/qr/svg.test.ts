import { renderQrCode, renderQrCodeMarkup } from "../../lib/qr/render.js";
import { itWith } from "../helpers/programs.js";
import { pngBytes, rasterize, readPng, svgMarkup } from "../helpers/qr-images.js";
import { otpauthUri } from "../helpers/qr-uris.js";

jest.setTimeout(30_000);

const uri = otpauthUri("Acme & Söhne", "алиса@example.com", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

test("it has its size in pixels, its view box in modules, and a white background", () => {
  const svg = svgMarkup(renderQrCode("1", { format: "svg", moduleSize: 5, margin: 6 }));
  // Version 1: 21 modules and 2 × 6 of margin.
  expect(svg).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="165" height="165" viewBox="0 0 33 33" shape-rendering="crispEdges"><rect width="33" height="33" fill="white"\/><path stroke="black" d="M6,6\.5h7m[Mhm0-9.,]+h7[Mhm0-9.,]+"\/><\/svg>$/,
  );
});

test("its URL can stand in an HTML attribute, in a CSS url(), in JSON and in a URL as it is", () => {
  const url = renderQrCode(uri, { format: "svg" });
  expect(url).toMatch(/^data:image\/svg\+xml,[A-Za-z0-9%.,:/=-]+$/);
  expect(JSON.stringify(url)).toBe(`"${url}"`);
  expect(new URL(url).href).toBe(url);
  expect(url.length).toBeLessThan(5000);
});

test("a page gets the markup of the default SVG, with 5 pixels per module", () => {
  const url = renderQrCode(uri, { format: "svg", moduleSize: 5 });
  expect(renderQrCodeMarkup(uri)).toBe(svgMarkup(url));
});

itWith("rsvg-convert", "it looks as the PNG does, pixel by pixel", async () => {
  for (const options of [{}, { moduleSize: 5, margin: 7 }, { moduleSize: 13 }]) {
    for (const text of ["1", uri]) {
      const png = readPng(pngBytes(renderQrCode(text, options)));
      const svg = svgMarkup(renderQrCode(text, { ...options, format: "svg" }));
      const drawn = readPng(await rasterize(svg));
      expect([drawn.width, drawn.height]).toEqual([png.width, png.height]);
      expect(Buffer.compare(drawn.pixels, png.pixels)).toBe(0);
    }
  }
});
