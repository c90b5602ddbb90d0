/** An Express with a library that makes its routers by it. */
export interface ExpressVersion {
  name: string;
  express: typeof import("express");
  lib: typeof import("../../lib/index.js");
}

/** For `describe.each`: an app may have either. ONLY_EXPRESS_5 halves the work of runs that repeat it often. */
export const EXPRESS_VERSIONS = [
  load("Express 5", "express"),
  ...(process.env.ONLY_EXPRESS_5 ? [] : [load("Express 4", "express4")]),
];

function load(name: string, packageName: ExpressPackage): ExpressVersion {
  const loaded = { name } as ExpressVersion;
  isolateWith(packageName, () => {
    loaded.express = require("express");
    loaded.lib = require("../../lib/index.js");
  });
  return loaded;
}

export type ExpressPackage = "express" | "express4";

/** Requires modules that `express` is this package for. */
export function isolateWith(packageName: ExpressPackage, requireModules: () => void): void {
  jest.isolateModules(() => {
    jest.doMock("express", () => jest.requireActual(packageName));
    requireModules();
  });
  jest.dontMock("express");
}
