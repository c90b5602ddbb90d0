import type { Alter, Draft } from "./request.js";

/** Stands for a field that is left out. */
export const ABSENT = Symbol("absent");

export interface Replacement {
  alter: Alter;
  /** How often the code was found in what was sent. */
  count(): number;
}

/** Replaces a code, or an id, wherever a request has it but in cookies, by anything that an attacker could send instead. */
export function replaceCode(code: unknown, by: unknown): Replacement {
  let count = 0;

  function replace(value: unknown): unknown {
    if (value === code) {
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

  /** Of a header or the query, which have no other values. */
  const asText = ([name, value]: [string, string]): [string, string][] =>
    value === String(code)
      ? kept(name, code).map(([, replaced]) => [name, textOf(replaced)])
      : [[name, words(value, " ")]];
  /** One of several parts of a text: the token after `Bearer`, or a segment of the path. */
  const words = (text: string, separator: string, encode = (word: string) => word) =>
    text
      .split(separator)
      .map((word) => (word === encode(String(code)) ? encode(textOf(replace(code))) : word))
      .join(separator);

  function alter({ path, headers, json, form, ...draft }: Draft): Draft {
    const [pathname = "", query] = path.split("?");
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

/** Adds fields to every body. */
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
