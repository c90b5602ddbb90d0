// What the reader of the documentation's code blocks refuses, so that no block escapes the tests.
import { programOf, readSnippets } from "../helpers/snippets.js";

const block = (language: string, marker = "", code = "code;") =>
  `${marker && `<!-- snippet: ${marker} -->\n`}\`\`\`${language}\n${code}\n\`\`\`\n`;

test("a block has a name, a language, a line and code", () => {
  expect(readSnippets(`Text.\n\n${block("ts", "one")}`)).toEqual([
    {
      name: "one",
      language: "ts",
      relation: undefined,
      other: undefined,
      line: 4,
      code: "code;\n",
    },
  ]);
});

test("a block that continues another one runs after it", () => {
  const snippets = readSnippets(
    block("ts", "one", "1;") + block("ts", "two continues one", "2;") + block("ts", "x", "3;"),
  );
  expect(snippets.map((each) => programOf(each, snippets))).toEqual(["1;\n", "1;\n2;\n", "3;\n"]);
});

test("a block that is the copy of a file names the file", () => {
  const [copy] = readSnippets(block("sql", "one from recipes/one.sql"));
  expect(copy).toMatchObject({ relation: "from", other: "recipes/one.sql" });
});

test.each([
  ["no marker", block("ts"), "no marker"],
  ["no language", block("", "one"), "unknown language"],
  ["an unknown language", block("python", "one"), "unknown language"],
  ["the name of a property of every object", block("constructor", "one"), "unknown language"],
  ["an indented fence", `<!-- snippet: one -->\n${block("ts").replace(/^/gm, "  ")}`, "no end"],
  ["another fence", "<!-- snippet: one -->\n~~~ts\n```\n", "unknown language"],
  ["no end", "<!-- snippet: one -->\n```ts\ncode;\n", "no end"],
  ["an unknown relation", block("ts", "one") + block("ts", "two follows one"), "cannot have"],
  [
    "a relation of other languages",
    block("ts", "one") + block("json", "two continues one"),
    "cannot",
  ],
  ["a language that cannot be run, of no file", block("sql", "one"), "cannot have"],
  ["an answer to nothing", block("json", "one"), "cannot have"],
  ["a misspelt marker", block("ts", "One!"), "unknown marker"],
  ["a taken name", block("ts", "one") + block("ts", "one"), "two blocks named one"],
  ["a relation to no block above", block("ts", "two continues one"), "no block above"],
  ["a marker apart from its block", `<!-- snippet: one -->\nText.\n${block("ts")}`, "right above"],
  ["a marker without a block", "<!-- snippet: one -->\n", "no block"],
])("refuses %s", (_what, markdown, message) => {
  expect(() => readSnippets(markdown)).toThrow(message);
});

test("refuses to continue a block in another language", () => {
  const snippets = readSnippets(block("js", "one") + block("ts", "two continues one"));
  expect(() => snippets.map((each) => programOf(each, snippets))).toThrow("cannot continue one");
});
