import { build } from "esbuild";

await build({
  entryPoints: ["app.mjs"],
  outfile: "bundle.mjs",
  bundle: true,
  platform: "node",
  format: "esm",
  external: ["express"],
  // Or leave out all packages, with `packages: "external"`; then no `require` is needed.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
});
