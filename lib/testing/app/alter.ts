import type { Alter, Draft } from "./request.js";

/** Marks a field to omit. */
export const ABSENT = Symbol("absent");

export interface Replacement {
  alter: Alter;
  /** How often the value has been sent. */
  count(): number;
}

/** Replaces a code or an id in the path, the query, the headers, and the body of requests. */
export function replaceValue(wanted: unknown, by: unknown): Replacement {
  let count = 0;

  function replace(value: unknown): unknown {
    if (value === wanted) {
      count++;
      return by;
    }
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(replace).filter((each) => each !== ABSENT);
    return Object.fromEntries(Object.entries(value).flatMap(([name, each]) => kept(name, each)));
  }
  function kept(name: string, value: unknown): [string, unknown][] {
    const replaced = replace(value);
    return replaced === ABSENT ? [] : [[name, replaced]];
  }

  /** Replaces in a header or a field of the query. */
  const asText = ([name, value]: [string, string]): [string, string][] =>
    value === String(wanted)
      ? kept(name, wanted).map(([, replaced]) => [name, textOf(replaced)])
      : [[name, words(value, " ")]];
  /** Replaces a part of a text: the token after `Bearer`, or a segment of the path. */
  const words = (text: string, separator: string, encode = (word: string) => word) =>
    text
      .split(separator)
      .map((word) => (word === encode(String(wanted)) ? encode(textOf(replace(wanted))) : word))
      .join(separator);

  function alter({ path, headers, json, form, ...draft }: Draft): Draft {
    const [pathname, query] = path.split("?") as [string, string?];
    const segments = words(pathname, "/", encodeURIComponent);
    const fields = [...new URLSearchParams(query)].flatMap(asText);
    return {
      ...draft,
      path: query === undefined ? segments : `${segments}?${new URLSearchParams(fields)}`,
      headers: Object.fromEntries(Object.entries(headers).flatMap(asText)),
      json: replace(json),
      form: replace(form),
    };
  }

  return { alter, count: () => count };
}

function textOf(value: unknown): string {
  if (value === ABSENT) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Adds fields to each body. */
export function addFields(fields: Readonly<Record<string, unknown>>): Alter {
  const add = (given: unknown) =>
    typeof given === "object" && given !== null && !Array.isArray(given)
      ? { ...given, ...fields }
      : given;
  return ({ json, form, ...draft }) => ({ ...draft, json: add(json), form: add(form) });
}

export function addToQuery(fields: Readonly<Record<string, string>>): Alter {
  return ({ path, ...draft }) => {
    const query = new URLSearchParams(fields).toString();
    return { ...draft, path: `${path}${path.includes("?") ? "&" : "?"}${query}` };
  };
}
