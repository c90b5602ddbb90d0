/**
 * The fenced blocks of a Markdown document. Each has a marker in the line above it, which a reader of the
 * rendered page does not see:
 *
 *   <!-- snippet: name -->                  a program by itself; in `sh`, npm commands
 *   <!-- snippet: name continues other -->  a program that goes on where `other` ends
 *   <!-- snippet: name asks other -->       a shell command that asks the server that `other` starts
 *   <!-- snippet: name answers other -->    an answer of the server that `other` starts
 *   <!-- snippet: name from path/of.file -->  a copy of a file that is tested where it lies
 *
 * `ts` is an ES module, `js` is CommonJS, `mermaid` is a picture.
 */
export interface Snippet {
  name: string;
  language: keyof typeof RELATIONS;
  relation: string | undefined;
  other: string | undefined;
  /** Of the opening fence, counted from 1. */
  line: number;
  code: string;
}

/** What may stand between the two names of a marker; `""` is a marker with one name. */
const RELATIONS = {
  ts: ["", "continues", "from"],
  js: ["", "continues"],
  sh: ["", "asks"],
  json: ["answers", "from"],
  sql: ["from"],
  mermaid: [""],
  text: [""],
};

const MARKER = /^<!-- snippet: ([a-z\d-]+)(?: ([a-z]+) ([a-z\d./-]+))? -->$/;

/** @throws Where a block has no marker or language that is known: nothing is shown that is not tested. */
export function readSnippets(markdown: string): Snippet[] {
  const lines = markdown.split("\n");
  const snippets: Snippet[] = [];
  let marker: RegExpExecArray | undefined;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (/^\s*(```|~~~)/.test(line)) {
      const end = lines.indexOf("```", index + 1);
      if (end < 0) throw new Error(`line ${index + 1}: the block has no end`);
      const code = `${lines.slice(index + 1, end).join("\n")}\n`;
      snippets.push(toSnippet(marker, line, index + 1, code, snippets));
      marker = undefined;
      index = end;
    } else if (line.includes("snippet:")) {
      if (marker) throw new Error(`line ${index + 1}: the marker before this one has no block`);
      marker = MARKER.exec(line) ?? undefined;
      if (!marker) throw new Error(`line ${index + 1}: unknown marker ${line}`);
    } else if (marker && line !== "") {
      throw new Error(`line ${index + 1}: a marker stands right above its block`);
    }
  }
  if (marker) throw new Error("the last marker has no block");
  return snippets;
}

function toSnippet(
  marker: RegExpExecArray | undefined,
  fence: string,
  line: number,
  code: string,
  earlier: Snippet[],
): Snippet {
  if (!marker) throw new Error(`line ${line}: the block has no marker`);
  const [, name = "", relation, other] = marker;
  const language = fence.slice(3);
  if (!fence.startsWith("```") || !isLanguage(language)) {
    throw new Error(`line ${line}: unknown language ${JSON.stringify(fence)}`);
  }
  if (!RELATIONS[language].includes(relation ?? "")) {
    throw new Error(`line ${line}: a block in ${language} cannot have the marker ${marker[0]}`);
  }
  if (earlier.some((each) => each.name === name)) {
    throw new Error(`line ${line}: there are two blocks named ${name}`);
  }
  if (relation !== "from" && other !== undefined && !earlier.some((each) => each.name === other)) {
    throw new Error(`line ${line}: no block above is named ${other}`);
  }
  return { name, language, relation, other, line, code };
}

function isLanguage(language: string): language is Snippet["language"] {
  return Object.hasOwn(RELATIONS, language);
}

/** The whole program of a snippet, with all that it continues. */
export function programOf(snippet: Snippet, all: readonly Snippet[]): string {
  if (snippet.relation !== "continues") return snippet.code;
  const before = all.find(({ name }) => name === snippet.other);
  if (before?.language !== snippet.language) {
    throw new Error(`line ${snippet.line}: cannot continue ${snippet.other}`);
  }
  return programOf(before, all) + snippet.code;
}
