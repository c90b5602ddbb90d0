import type { Watch } from "./watch.js";

const METHODS = ["log", "info", "warn", "error", "debug", "trace"] as const;

/** Shows to a watch whatever is printed or warned of, in place of printing it. Returns what ends it. */
export function captureOutput(watch: () => Watch): () => void {
  const restore = [
    ...METHODS.map((name) =>
      replace(console, name, (...given: unknown[]) =>
        watch().see(`console.${name}`, given.join(" ")),
      ),
    ),
    ...[process.stdout, process.stderr].map((stream, i) =>
      replace(stream, "write", (text: unknown) => {
        watch().see(i === 0 ? "stdout" : "stderr", String(text));
        return true;
      }),
    ),
    replace(process, "emitWarning", (...given: unknown[]) => watch().look("warning", given)),
  ];
  return () => {
    for (const each of restore) each();
  };
}

function replace<Name extends string>(
  object: { [Each in Name]: unknown },
  name: Name,
  replacement: unknown,
): () => void {
  const original = object[name];
  object[name] = replacement;
  return () => {
    object[name] = original;
  };
}
