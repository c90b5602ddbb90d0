const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

/** A text with each of its characters replaced in turn, dropped, doubled, or in the other case. */
export function alterations(text: string): string[] {
  const altered = new Set<string>();
  for (let index = 0; index < text.length; index++) {
    const [before, character, after] = [
      text.slice(0, index),
      text.charAt(index),
      text.slice(index + 1),
    ];
    const next = ALPHABET.charAt((ALPHABET.indexOf(character) + 1) % ALPHABET.length);
    const others = [
      next,
      "A",
      "",
      character + character,
      "\0",
      character.toUpperCase(),
      character.toLowerCase(),
    ];
    for (const other of others) altered.add(before + other + after);
  }
  for (const added of [`${text} `, ` ${text}`, `${text}=`, `${text}\n`, `${text}A`])
    altered.add(added);
  altered.delete(text);
  return [...altered];
}

/** Every string in what is stored, the names of fields too. */
export function stringsIn(stored: string): string[] {
  const strings: string[] = [stored];
  JSON.parse(stored, (name, value) => {
    strings.push(name);
    if (typeof value === "string" || typeof value === "number") strings.push(String(value));
    return value;
  });
  return [...new Set(strings)].filter((text) => text !== "");
}
