import { type LibModule, readLib } from "./lib-modules.js";

/**
 * From the ground up: a floor imports only the floors below it. Rooms on one floor do not know each other.
 * A room is a folder of lib, or a module that lies in lib itself.
 */
const FLOORS = [
  ["base"],
  ["otp", "qr", "http", "encryption", "routes"],
  ["enrollment", "stores"],
  ["service"],
  ["testing", "openapi"],
  ["express"],
  ["pages"],
  ["index.ts"],
];

const LONGEST_MODULE = 150;

/** Modules that may be longer, each with its reason. */
const LONG_MODULES: Readonly<Record<string, string>> = {
  "openapi/operations.ts": "a table: one entry a route",
};

const lib = readLib();

function roomOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function floorOf(path: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));
}

function climbs(module: LibModule): string[] {
  return module.imports
    .filter((target) => roomOf(target) !== roomOf(module.path))
    .filter((target) => floorOf(target) >= floorOf(module.path))
    .map((target) => `${module.path} imports ${target}`);
}

test("every module lies on a floor", () => {
  const homeless = lib.map(({ path }) => path).filter((path) => floorOf(path) === -1);
  expect(homeless).toEqual([]);
});

test("one floor imports only the floors below it", () => {
  expect(lib.flatMap(climbs)).toEqual([]);
});

test("imports are found", () => {
  const index = lib.find(({ path }) => path === "index.ts");
  expect(index?.imports).toContain("express/setup-router.ts");
  expect(lib.flatMap(({ packages }) => packages)).toEqual(
    expect.arrayContaining(["express", "node:crypto"]),
  );
  const paths = lib.map(({ path }) => path);
  expect(lib.flatMap(({ imports }) => imports).filter((path) => !paths.includes(path))).toEqual([]);
});

test("no module imports itself by way of others", () => {
  const importsOf = new Map(lib.map(({ path, imports }) => [path, imports]));
  const reaches = (path: string, seen = new Set<string>()): Set<string> => {
    for (const target of importsOf.get(path) ?? []) {
      if (!seen.has(target)) reaches(target, seen.add(target));
    }
    return seen;
  };
  expect(lib.map(({ path }) => path).filter((path) => reaches(path).has(path))).toEqual([]);
});

test.each(["speakeasy", "qrcode"])("one module alone imports %s", (name) => {
  const importers = lib.filter(({ packages }) => packages.includes(name));
  expect(importers.filter(({ path }) => !path.endsWith(".d.ts"))).toHaveLength(1);
});

test(`no module is longer than ${LONGEST_MODULE} lines without a reason`, () => {
  const long = lib.filter(({ lines }) => lines > LONGEST_MODULE).map(({ path }) => path);
  expect(long).toEqual(Object.keys(LONG_MODULES));
});
