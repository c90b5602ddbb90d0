// The table in docs/events.md and its program say the same, and every change of an account is in it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { readSnippets } from "../helpers/snippets.js";
import { readTable } from "../helpers/snippets-tables.js";

const read = (file: string) => readFileSync(path.join(__dirname, "../..", file), "utf8");
const document = read("docs/events.md");

/** What a user need not hear of, and why. */
const NOT_TOLD = {
  imported: "changes nothing for its user",
  setup_started: "changes nothing until it is confirmed",
  verified: "is told by what it says more",
  rejected: "is counted, and told once it locks",
  refused_while_locked: "follows a lock, which was told",
  plaintext_read: "is for the operator",
  login_begun: "is followed by a code",
  login_by_device: "is an ordinary sign-in",
  unauthenticated: "is nobody's",
};

test("the table says what the program mails", () => {
  const [program] = readSnippets(document);
  const [block = ""] = String(program?.code).split("};");
  const messages = [...block.matchAll(/^ {2}(\w+): "(.*)",$/gm)].map(
    ([, type = "", message = ""]) => [type, message],
  );
  expect(readTable(document, ["Event", "What to say"])).toEqual(messages);
});

test("each event is told, or need not be", () => {
  const types = [...read("lib/service/events.ts").matchAll(/\btype: "(\w+)"/g)].map(
    ([, type = ""]) => type,
  );
  const told = readTable(document, ["Event", "What to say"]).map(([type]) => type);
  expect([...told, ...Object.keys(NOT_TOLD)].sort()).toEqual(types.sort());
});
