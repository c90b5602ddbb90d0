// docs/supply-chain.md lists what is installed at run time, and nothing of it runs a script.
import { readFileSync } from "node:fs";
import path from "node:path";
import { readTable } from "../helpers/snippets-tables.js";

const ROOT = path.join(__dirname, "../..");
const read = (name: string) => readFileSync(path.join(ROOT, name), "utf8");
const { dependencies } = JSON.parse(read("package.json"));

interface Locked {
  dependencies?: Record<string, string>;
  hasInstallScript?: boolean;
}
const packages: Record<string, Locked> = JSON.parse(read("package-lock.json")).packages;

/** As Node finds it: in the folder of the package that asks, or in one above. */
function locate(name: string, from: string): string {
  const parents = from.split("/node_modules/").map((_, index, all) => all.slice(0, index + 1));
  const folders = ["", ...parents.map((parts) => `${parts.join("/node_modules/")}/`)];
  const found = folders
    .map((folder) => `${folder}node_modules/${name}`)
    .filter((place) => packages[place])
    .pop();
  if (!found) throw new Error(`${name} is not locked`);
  return found;
}

function treeOf(name: string, from = "", seen = new Set<string>()): Set<string> {
  const found = locate(name, from);
  if (seen.has(found)) return seen;
  seen.add(found);
  for (const each of Object.keys(packages[found]?.dependencies ?? {})) treeOf(each, found, seen);
  return seen;
}

const document = read("docs/supply-chain.md");
const rows = readTable(document, ["Package", "Brings", "Loaded", "Why"]);
const trees = Object.keys(dependencies).map((name) => treeOf(name));

test("each dependency has a row with a reason", () => {
  expect(rows.map(([name = ""]) => name).sort()).toEqual(Object.keys(dependencies).sort());
  for (const [, , , why = ""] of rows) expect(why).toMatch(/\w{4,}.*\.$/);
});

test("the number of packages is stated", () => {
  const all = new Set(trees.flatMap((tree) => [...tree]));
  const others = all.size - Object.keys(dependencies).length;
  expect(document).toContain(`They bring ${others} others`);
});

test("a row names what its package brings, and the number below yargs", () => {
  for (const [name = "", brings = ""] of rows) {
    const direct = Object.keys(packages[locate(name, "")]?.dependencies ?? {});
    for (const each of direct) expect(brings).toContain(each);
  }
  const below = treeOf("yargs", locate("qrcode", "")).size - 1;
  expect(document).toContain(`\`yargs\` with ${below} packages`);
});

test("none of them runs a script when it is installed", () => {
  const withScript = trees.flatMap((tree) =>
    [...tree].filter((name) => packages[name]?.hasInstallScript),
  );
  expect(withScript).toEqual([]);
});
