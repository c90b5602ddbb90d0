import type { QrSymbol } from "./symbol.js";

/**
 * Renders a symbol and its quiet zone as SVG markup with `moduleSize` pixels per module. It has no styles, so it can be
 * inlined in a page with a strict Content-Security-Policy.
 */
export function svgMarkup(symbol: QrSymbol, moduleSize: number, margin: number): string {
  const side = symbol.size + 2 * margin;
  const pixels = side * moduleSize;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${pixels}" height="${pixels}" ` +
    `viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">` +
    `<rect width="${side}" height="${side}" fill="white"/>` +
    `<path stroke="black" d="${darkRuns(symbol, margin)}"/></svg>`
  );
}

/**
 * Percent-encoding a few characters results in a shorter URL than base64, and requires no further escaping in JSON, in
 * an HTML attribute, or in a CSS `url()`.
 */
export function svgDataUrl(symbol: QrSymbol, moduleSize: number, margin: number): string {
  return `data:image/svg+xml,${encodeMarkup(svgMarkup(symbol, moduleSize, margin))}`;
}

function encodeMarkup(markup: string): string {
  return markup.replace(/[<>" ]/g, encodeURIComponent);
}

/** Returns path data: along the middle of each row, a line one module wide over each run of dark modules. */
function darkRuns({ size, modules }: QrSymbol, margin: number): string {
  let path = "";
  for (let row = 0; row < size; row++) {
    path += `M${margin},${margin + row}.5`;
    const end = (row + 1) * size;
    let at = row * size;
    while (at < end) {
      const start = at;
      const dark = modules[start];
      while (at < end && modules[at] === dark) at++;
      if (dark) path += `h${at - start}`;
      else if (at < end) path += `m${at - start},0`;
    }
  }
  return path;
}
