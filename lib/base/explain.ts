/** What is said of a wrong value. */
export interface Expectation {
  /** What was expected, such as `an integer from 16 to 64`. */
  expected: string;
  /** What was passed instead. Never contains a secret. */
  got: string;
  /** How to fix it, if `expected` does not say so already. */
  fix?: string | undefined;
}

export function explain(subject: string, { expected, got, fix }: Expectation): string {
  const sentence = `${subject}: expected ${expected}, got ${got}.`;
  return fix ? `${sentence} ${fix}` : sentence;
}

/** The list of all options is long, so the one that was probably meant comes first. */
export function explainUnknown(option: string, { expected, fix }: Expectation): string {
  return `${option}: unknown option.${fix ? ` ${fix}` : ""} Expected ${expected}.`;
}

/** This page is part of the package and has a section for each code. */
export function seeAlso(code: string): string {
  return `See express-totp-setup/docs/errors.md#${code.toLowerCase()}`;
}
