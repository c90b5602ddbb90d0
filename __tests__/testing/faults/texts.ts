import { flawed } from "../flawed-store.js";
import type { Fault } from "./fault.js";

/** Throws if `pattern` matches, like a driver or an engine. */
function refusing(pattern: RegExp): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) throw new Error("invalid character");
    return text;
  };
}

export const TEXT_FAULTS: readonly Fault[] = [
  {
    fault: "cannot keep what needs four bytes of UTF-8",
    build: flawed({ keptOf: refusing(/\p{Emoji_Presentation}/u) }),
    fails: ["distinguishes values that differ in emoji", "returns every value unchanged"],
    says: /^compareAndSet\("user-[^"]+", undefined, "\d+\\u\{1f363\}"\) failed: invalid character$/,
  },
  {
    fault: "loses a byte order mark",
    build: flawed({ keptOf: (text) => text.replace(/^\ufeff/, "") }),
    fails: ["returns every value unchanged"],
    says: /stored and returned unchanged.+"byte order mark" instead of "\\u\{feff\}byte/s,
  },
  {
    fault: "keeps JSON as JSON",
    build: flawed({
      keptOf: (text) => (text.startsWith("{") ? JSON.stringify(JSON.parse(text)) : text),
    }),
    fails: ["returns every value unchanged"],
    says: /stored and returned unchanged/,
  },
  {
    fault: "keeps a file a user",
    build: flawed({ keyOf: refusing(/\//) }),
    fails: ["accepts user ids with any printable characters"],
    says: /^get\("\.\.\/\.\.\/etc\/passwd\d+"\) failed: invalid character$/,
  },
  {
    fault: "keeps users in a plain object",
    build: () => () => {
      const values: Record<string, string | undefined> = {};
      return {
        get: async (user) => values[user],
        async compareAndSet(user, expected, next) {
          if (values[user] !== expected) return false;
          values[user] = next;
          return true;
        },
      };
    },
    fails: ["accepts the user id __proto__"],
    says: /use a Map for users/,
  },
];
