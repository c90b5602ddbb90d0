import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT, readLib } from "./lib-modules.js";

function readJson(file: string) {
  return JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
}

const manifest = readJson("package.json");

describe("dependencies", () => {
  test("are these four", () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual([
      "escape-html",
      "http-errors",
      "qrcode",
      "speakeasy",
    ]);
  });

  test("leave Express, and its types, to the app", () => {
    expect(manifest.peerDependencies).toEqual({
      "@types/express": "^4.17.0 || ^5.0.0",
      express: "^4.18.0 || ^5.0.0",
    });
    expect(manifest.peerDependenciesMeta).toEqual({ "@types/express": { optional: true } });
  });

  test("hold speakeasy, which is no longer maintained, at the version that was read", () => {
    expect(manifest.dependencies.speakeasy).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("are all that lib imports", () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const strangers = readLib().flatMap((module) =>
      module.packages
        .filter((name) => !name.startsWith("node:") && !declared.includes(name))
        .map((name) => `${module.path} imports ${name}`),
    );
    expect(strangers).toEqual([]);
  });
});

describe("entry points", () => {
  const entryPoints = Object.entries<Record<string, Record<string, string>>>(
    manifest.exports,
  ).filter(([entry]) => !entry.endsWith(".json"));

  test.each(entryPoints)(
    "%s has both builds of one source, with types for each",
    (entry, target) => {
      const built = target.import?.default ?? "";
      const stem = /^\.\/dist\/esm\/(.+)\.js$/.exec(built)?.[1];
      expect(target).toEqual({
        import: { types: `./dist/esm/${stem}.d.ts`, default: `./dist/esm/${stem}.js` },
        require: { types: `./dist/cjs/${stem}.d.ts`, default: `./dist/cjs/${stem}.js` },
      });
      expect(Object.keys(target.import ?? {})[0]).toBe("types");
      expect(Object.keys(target.require ?? {})[0]).toBe("types");
      expect(existsSync(path.join(ROOT, `lib/${stem}.ts`))).toBe(true);
      // So that the compiler and `npm start` find the source under the name that apps use.
      const { paths } = readJson("tsconfig.json").compilerOptions;
      expect(paths[`express-totp-setup${entry.slice(1)}`]).toEqual([`./lib/${stem}.ts`]);
    },
  );

  test("have types where the compiler does not read `exports` (moduleResolution: node10)", () => {
    const subpaths = entryPoints.filter(([entry]) => entry !== ".");
    const types = subpaths.map(([entry, target]) => [entry.slice(2), [target.require?.types]]);
    expect(manifest.typesVersions).toEqual({ "*": Object.fromEntries(types) });
  });

  test("are not outnumbered by the compiler's paths", () => {
    const { paths } = readJson("tsconfig.json").compilerOptions;
    expect(Object.keys(paths)).toHaveLength(entryPoints.length);
  });
});

test("the tarball has nothing besides the build, the documents and the license", () => {
  const flags = ["--dry-run", "--json", "--ignore-scripts"];
  const listing = execFileSync("npm", ["pack", ...flags], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32",
  });
  const [{ files }] = JSON.parse(listing);
  const paths: string[] = files.map((file: { path: string }) => file.path);
  expect(paths).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
  const others = paths.filter(
    (file) =>
      !/^(LICENSE|(README|CHANGELOG|SECURITY)\.md|docs\/[\w-]+\.md|(package|openapi)\.json|dist\/.+)$/.test(
        file,
      ),
  );
  expect(others).toEqual([]);
});
