import { existsSync } from "node:fs";
import path from "node:path";

const DEBIAN_PACKAGES = {
  zbarimg: "zbar-tools",
  oathtool: "oathtool",
  "rsvg-convert": "librsvg2-bin",
  chromium: "chromium",
  curl: "curl",
};

/** A program that some tests compare with, and that is not an npm package. */
export type Program = keyof typeof DEBIAN_PACKAGES;

/** Whether a program is on the PATH. */
export function hasProgram(name: Program): boolean {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.some((folder) => folder !== "" && existsSync(path.join(folder, name)));
}

/**
 * Whether a program can be tested with. Where it is missing that is said aloud, for a test that was left
 * out is no test that passed; and where REQUIRE_ALL_TESTS is set, as in CI, it is an error.
 */
export function canTestWith(name: Program, title: string): boolean {
  if (hasProgram(name)) return true;
  const missing = `${name} is not installed (Debian package ${DEBIAN_PACKAGES[name]})`;
  if (process.env.REQUIRE_ALL_TESTS) throw new Error(`${missing}, needed to test: ${title}`);
  process.stderr.write(`\nWARNING: ${missing}. Not tested with it: ${title}\n`);
  return false;
}

/** `describe` where the program is installed; see {@link canTestWith}. */
export function describeWith(name: Program, title: string, body: () => void): void {
  if (canTestWith(name, title)) describe(title, body);
  else describe.skip(title, body);
}

/** `it` where the program is installed; see {@link canTestWith}. */
export function itWith(
  name: Program,
  title: string,
  body: jest.ProvidesCallback,
  timeout?: number,
): void {
  if (canTestWith(name, title)) it(title, body, timeout);
  else it.skip(title, body, timeout);
}
