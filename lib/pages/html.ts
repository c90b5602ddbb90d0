import escapeHtml from "escape-html";

/** Safe markup. Only {@link html} and {@link trusted} create it. */
class Html {
  constructor(readonly markup: string) {}
}

export type { Html };

type Value = Html | string | number | false | null | undefined | readonly Value[];

/** Escapes all values but markup, for texts and quoted attributes. Missing values become empty. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const markup = parts.map(
    (part, index) => part + (index < values.length ? show(values[index]) : ""),
  );
  return new Html(markup.join(""));
}

/** Marks markup that this library created as safe, such as an SVG. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function show(value: Value): string {
  if (value instanceof Html) return value.markup;
  if (value === undefined || value === null || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return value.map(show).join("");
}
