import { decodeBase32 } from "../../../lib/otp/base32.js";

export type SecretKind = "secret" | "code" | "backup code" | "token";

/** Finds one way of writing a secret in a text. */
export interface Form {
  name: string;
  isIn: (text: string) => boolean;
}

/** The ways in which a secret could be written down. Those of bytes are the ones that Node has. */
export function formsOf(kind: SecretKind, value: string): Form[] {
  if (kind === "code") return [digits(value)];
  if (kind === "backup code") return textForms(value, value.replaceAll("-", ""));
  if (kind === "token") return [...textForms(value), ...byteForms(Buffer.from(value))];
  const groups = value.match(/.{1,4}/g) ?? [];
  const bytes = Buffer.from(decodeBase32(value) ?? []);
  return [
    ...textForms(value, groups.join(" "), groups.join("-")),
    ...byteForms(bytes),
    ...byteForms(Buffer.from(value)),
  ];
}

/** Six digits are a part of many numbers, so a code is looked for as a whole one. */
function digits(code: string): Form {
  const pattern = new RegExp(`(?<![0-9])${code}(?![0-9])`);
  return { name: "digits", isIn: (text) => pattern.test(text) };
}

function textForms(...texts: string[]): Form[] {
  return texts.flatMap((text) => [
    contains("text", text),
    contains("lower case", text.toLowerCase()),
    contains("URL-encoded", encodeURIComponent(text)),
  ]);
}

function byteForms(bytes: Buffer): Form[] {
  const hex = bytes.toString("hex");
  const percent = hex.replace(/../g, "%$&");
  return [
    contains("hex", hex),
    contains("upper-case hex", hex.toUpperCase()),
    contains("hex of util.inspect", hex.replace(/..(?=.)/g, "$& ")),
    contains("base64", bytes.toString("base64").replace(/=+$/, "")),
    contains("base64url", bytes.toString("base64url")),
    contains("percent-encoded bytes", percent),
    contains("bytes", bytes.toString("latin1")),
    numbers(bytes),
  ];
}

/** As JSON and `util.inspect` write bytes, the latter on several lines. */
function numbers(bytes: Buffer): Form {
  const pattern = new RegExp(`(?<![0-9])${bytes.join(",\\s*")}(?![0-9])`);
  return { name: "numbers", isIn: (text) => pattern.test(text) };
}

function contains(name: string, part: string): Form {
  return { name, isIn: (text) => text.includes(part) };
}
