// The packed package in one file with its app, as bundlers write it.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { type BuildOptions, build } from "esbuild";
import { rollup } from "rollup";
import webpack from "webpack";
import { createWorkshop, enrollWith, type Workshop, writeApp } from "../helpers/installed.js";

jest.setTimeout(180_000);

let workshop: Workshop;
let source: string;

beforeAll(() => {
  workshop = createWorkshop();
  source = path.join(workshop.sources, "app");
  const target = path.join(source, "node_modules/express-totp-setup");
  mkdirSync(target, { recursive: true });
  const flags = ["-C", target, "--strip-components", "1"];
  execFileSync("tar", ["-xzf", workshop.tarball, ...flags]);
  for (const name of ["app.mjs", "app.cjs"] as const) writeApp(source, name);
});
afterAll(() => workshop.remove());

const start = (file: string) => enrollWith([process.execPath, file], path.dirname(file));
/** Where no package is found: all that is needed is in the bundle. */
const alone = (name: string) => path.join(workshop.folder, name);
/** Where packages are found. */
const withPackages = (name: string) => path.join(source, name);

describe("esbuild", () => {
  const bundle = async (from: string, outfile: string, options: BuildOptions) => {
    const entryPoints = [path.join(source, from)];
    const common = { bundle: true, platform: "node", logLevel: "silent" } as const;
    const { warnings } = await build({ ...common, entryPoints, outfile, ...options });
    expect(warnings).toEqual([]);
    await start(outfile);
  };

  test.each(["app.mjs", "app.cjs"])("of %s into CommonJS", async (from) => {
    await bundle(from, alone(`esbuild-${from}.cjs`), { format: "cjs" });
  });

  test("into an ES module, express left out, as docs/faq.md has it", async () => {
    const root = path.join(__dirname, "../..");
    const args = [
      "--import",
      pathToFileURL(require.resolve("tsx")).href,
      path.join(root, "examples/bundle/build.ts"),
    ];
    execFileSync(process.execPath, args, { cwd: source });
    await start(withPackages("bundle.mjs"));
  });

  test("into an ES module, all packages left out", async () => {
    const options: BuildOptions = { format: "esm", packages: "external" };
    await bundle("app.mjs", withPackages("esbuild-external.mjs"), options);
  });
});

describe("webpack", () => {
  test.each([
    ["app.mjs", undefined],
    ["app.cjs", undefined],
    ["app.cjs", { express: "commonjs express" }],
  ])("of %s, with externals %j", async (from, externals) => {
    const filename = `webpack-${from}-${externals ? "external" : "alone"}.cjs`;
    const out = externals ? withPackages(filename) : alone(filename);
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      const config: webpack.Configuration = {
        mode: "production",
        target: "node20",
        context: source,
        entry: `./${from}`,
        output: { path: path.dirname(out), filename },
        // What warns is the dynamic require of Express itself, for views.
        ignoreWarnings: [{ module: /node_modules\/express\/lib\/view\.js$/ }],
        ...(externals && { externals }),
      };
      webpack(config, (error, result) => (error ? reject(error) : resolve(result)));
    });
    const found = stats?.toJson({ all: false, errors: true, warnings: true });
    expect(found).toMatchObject({ errors: [], warnings: [] });
    await start(out);
  });
});

describe("rollup", () => {
  test.each([
    ["cjs", []],
    ["es", ["express"]],
  ] as const)("into %s, with %j left out", async (format, external) => {
    const name = `rollup.${format === "es" ? "mjs" : "cjs"}`;
    const file = external.length > 0 ? withPackages(name) : alone(name);
    const warnings: string[] = [];
    const made = await rollup({
      input: path.join(source, "app.mjs"),
      external: [...external],
      plugins: [
        nodeResolve({ preferBuiltins: true, exportConditions: ["node"] }),
        commonjs.default(),
        json.default(),
      ],
      onLog: (_level, { code, message }) => {
        // Those are of CommonJS packages, as they are.
        if (code !== "CIRCULAR_DEPENDENCY" && code !== "THIS_IS_UNDEFINED") warnings.push(message);
      },
    });
    await made.write({ file, format });
    await made.close();
    expect(warnings).toEqual([]);
    await start(file);
  });
});
