import express from "express";
import {
  createOtpauthUri,
  createTotpSetupRouter,
  generateSecret,
  type QrCodeOptions,
  renderQrCode,
} from "express-totp-setup";
import request from "supertest";
import { type Picture, pngBytes, readPng, scanWithJsQr, svgMarkup } from "../helpers/qr-images.js";
import { validated } from "../helpers/validated.js";

/** The width in pixels of the white border, on the side where it is narrowest. */
function borderOf({ width, height, pixels }: Picture): number {
  const isDark = (x: number, y: number) => pixels[y * width + x] === 0;
  for (let border = 0; border < width / 2; border++) {
    for (let at = border; at < width - border; at++) {
      const [end, bottom] = [width - 1 - border, height - 1 - border];
      if (isDark(at, border) || isDark(at, bottom)) return border;
      if (isDark(border, at) || isDark(end, at)) return border;
    }
  }
  throw new Error("the picture is empty");
}

/** The width of a module in pixels: a finder pattern begins with seven dark ones. */
function moduleOf({ width, pixels }: Picture, border: number): number {
  const row = pixels.subarray(border * width + border, (border + 1) * width);
  return row.findIndex((pixel) => pixel !== 0) / 7;
}

const uris = [1, 30, 200].map((length) =>
  createOtpauthUri({
    secret: generateSecret(),
    accountName: "ж".repeat(length),
    issuer: "Acme & Co",
  }),
);

test("supabase/auth 1455: scanners refused QR codes that were small or had a narrow border", async () => {
  for (const uri of uris) {
    const png = pngBytes(renderQrCode(uri));
    const picture = readPng(png);
    const border = borderOf(picture);
    const module = moduleOf(picture, border);
    expect(module).toBeGreaterThanOrEqual(4);
    expect(border).toBeGreaterThanOrEqual(4 * module);
    expect(await scanWithJsQr([png])).toEqual([uri]);
  }
  const refused: QrCodeOptions[] = [
    { margin: 3 },
    { margin: 0 },
    { moduleSize: 3 },
    { moduleSize: 1 },
  ];
  for (const options of refused) {
    expect(() => renderQrCode(String(uris[0]), options)).toThrow(
      /expected an integer from 4 to 20/,
    );
  }
});

test("supabase/auth 1455: scanners refused QR codes of which a spot could not be read", async () => {
  for (const uri of uris) {
    const picture = readPng(pngBytes(renderQrCode(uri)));
    // A smudge in the middle, where all is data: 7 % of the whole, more than level L can mend.
    const [from, to] = [0.37 * picture.width, 0.63 * picture.width].map(Math.round);
    for (let y = Number(from); y < Number(to); y++) {
      picture.pixels.fill(0, y * picture.width + Number(from), y * picture.width + Number(to));
    }
    expect(await scanWithJsQr([picture])).toEqual([uri]);
  }
});

test("supabase/auth 1455: scanners refused QR codes whose background was the page's", () => {
  for (const uri of uris) {
    // Throws for a pixel that is anything but opaque black or white.
    expect(() => readPng(pngBytes(renderQrCode(uri)))).not.toThrow();
    const svg = svgMarkup(renderQrCode(uri, { format: "svg" }));
    const side = /viewBox="0 0 (\d+) \1"/.exec(svg)?.[1];
    expect(svg).toContain(`<rect width="${side}" height="${side}" fill="white"/>`);
  }
});

test.each(["png", "svg"] as const)(
  "apps on iOS: a canvas could not be saved or held down; a %s is the source of an <img>",
  async (qrCode) => {
    const app = express().use(
      validated(
        createTotpSetupRouter({ authenticate: () => 1, savePendingSecret: () => {}, qrCode }),
        { routes: ["setup"] },
      ),
    );
    const { body } = await request(app)
      .post("/auth/v1/users/current/totp/setup")
      .set("X-API-Key", "key");
    // Nothing that an HTML attribute or JSON would have to escape, so that it can be pasted anywhere.
    expect(body.qr_code_url).toMatch(/^data:image\/(png;base64|svg\+xml),[\w+/=%:.,-]+$/);
  },
);
