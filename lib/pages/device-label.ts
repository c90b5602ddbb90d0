const BROWSERS: readonly [name: string, pattern: RegExp][] = [
  ["Edge", /\bEdg/],
  ["Opera", /\bOPR\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Chrome|CriOS)\//],
  ["Safari", /\bSafari\//],
];
const SYSTEMS: readonly [name: string, pattern: RegExp][] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMac OS X\b/],
  ["Linux", /\bLinux\b/],
];

/** Returns a label for a device, such as `Firefox, Windows`, or `undefined` if nothing is recognized. */
export function labelOf(userAgent: string | undefined): string | undefined {
  const find = (list: typeof BROWSERS) => list.find(([, pattern]) => pattern.test(userAgent ?? ""));
  const names = [find(BROWSERS), find(SYSTEMS)].flatMap((found) => (found ? [found[0]] : []));
  return names.length > 0 ? names.join(", ") : undefined;
}
