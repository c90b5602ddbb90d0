/** A string or a number inside a value. */
export type Leaf = string | number;

/** Deep enough for a parsed body inside a response. */
const MOST_DEPTH = 6;

/** Returns the strings and numbers in a value by their paths, including those in strings of JSON, such as a body. */
export function leavesOf(value: unknown): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();

  function visit(path: string, each: unknown, depth: number): void {
    if (typeof each === "number" || (typeof each === "string" && each !== "")) {
      leaves.set(path, each);
    }
    const inner = typeof each === "string" ? parsed(each) : each;
    if (typeof inner !== "object" || inner === null || depth === MOST_DEPTH) return;
    for (const [name, child] of Object.entries(inner)) visit(`${path}.${name}`, child, depth + 1);
  }

  visit("", value, 0);
  return leaves;
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
