import escapeHtml from "escape-html";

/** Markup that is safe to show. Only {@link html} and {@link trusted} create it. */
export class Html {
  constructor(readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

type Value = Html | string | number | false | null | undefined | readonly Value[];

/** Escapes every value that is not markup itself, in texts and in quoted attributes. Nothing for no value. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const markup = parts.map(
    (part, index) => part + (index < values.length ? show(values[index]) : ""),
  );
  return new Html(markup.join(""));
}

/** Markup of our own making, such as an SVG. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function show(value: Value): string {
  if (value instanceof Html) return value.markup;
  if (value === undefined || value === null || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return value.map(show).join("");
}
