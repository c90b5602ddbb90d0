import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { recordNotTested } from "./not-tested.js";

const DEBIAN_PACKAGES = {
  zbarimg: "zbar-tools",
  oathtool: "oathtool",
  "rsvg-convert": "librsvg2-bin",
  chromium: "chromium",
  curl: "curl",
  jq: "jq",
  go: "golang-go",
  mcs: "mono-mcs",
  mono: "mono-runtime",
  // Runs a source file as well, which a `java` without it does not.
  javac: "default-jdk-headless",
  "python3 with requests": "python3-requests",
};

/** A program that some tests compare with, and that is not an npm package. */
export type Program = keyof typeof DEBIAN_PACKAGES;

/** A Python that has `requests`: Debian's own may stand behind another one on the PATH. */
export function findPython(): string | undefined {
  const hasRequests = (python: string) => spawnSync(python, ["-c", "import requests"]).status === 0;
  return ["/usr/bin/python3", "python3"].find(hasRequests);
}

/** Whether a program can be run: it is on the PATH, or is {@link findPython}'s. */
export function hasProgram(name: Program): boolean {
  if (name === "python3 with requests") return findPython() !== undefined;
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.some((folder) => folder !== "" && existsSync(path.join(folder, name)));
}

/** Whether a program can be tested with. If not, see {@link recordNotTested}. */
export function canTestWith(name: Program, title: string): boolean {
  if (hasProgram(name)) return true;
  recordNotTested(`${name} (Debian package ${DEBIAN_PACKAGES[name]})`, title);
  return false;
}

/** `describe` where the program, or each of them, is installed; see {@link canTestWith}. */
export function describeWith(
  names: Program | readonly Program[],
  title: string,
  body: () => void,
): void {
  const canTest = [names].flat().map((name) => canTestWith(name, title));
  if (canTest.every(Boolean)) describe(title, body);
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
