// Every link of the documentation leads to a file, a heading or an address that is meant.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "../..");

const documents = readdirSync(ROOT, { encoding: "utf8" })
  .concat(
    ["docs", "examples", "__tests__", ".github"].flatMap((folder) =>
      existsSync(path.join(ROOT, folder))
        ? readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map(
            (name) => `${folder}/${name}`,
          )
        : [],
    ),
  )
  .filter((name) => name.endsWith(".md") && !name.includes("node_modules"));

const read = (name: string) => readFileSync(path.join(ROOT, name), "utf8");

/** The ids that GitHub gives to the headings of a document. */
function anchorsOf(name: string): string[] {
  const text = read(name).replace(/^```[\s\S]*?^```$/gm, "");
  const counts = new Map<string, number>();
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => {
    const id = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = counts.get(id) ?? 0;
    counts.set(id, count + 1);
    return count === 0 ? id : `${id}-${count}`;
  });
}

function linksOf(name: string): string[] {
  const text = read(name).replace(/^```[\s\S]*?^```$/gm, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

function problemOf(document: string, link: string): string | undefined {
  if (/^https:\/\//.test(link)) return undefined;
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? document : path.join(path.dirname(document), file);
  if (!existsSync(path.join(ROOT, target))) return `${link}: there is no such file`;
  if (anchor === undefined) return undefined;
  if (!statSync(path.join(ROOT, target)).isFile()) return `${link}: a folder has no headings`;
  return anchorsOf(target).includes(anchor) ? undefined : `${link}: there is no such heading`;
}

test("documents and links are found", () => {
  expect(documents).toEqual(expect.arrayContaining(["README.md", "docs/service.md"]));
  expect(linksOf("README.md").length).toBeGreaterThan(20);
});

test.each(documents)("the links of %s", (document) => {
  const problems = linksOf(document).map((link) => problemOf(document, link));
  expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
});

test("the README leads to every page of docs", () => {
  const pages = readdirSync(path.join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  const linked = new Set(linksOf("README.md").map((link) => link.split("#")[0]));
  const others = new Set(
    ["CONTRIBUTING.md"].filter((name) => existsSync(path.join(ROOT, name))).flatMap(linksOf),
  );
  const missing = pages.filter(
    (name) => !linked.has(`docs/${name}`) && !others.has(`docs/${name}`),
  );
  expect(missing).toEqual([]);
});
