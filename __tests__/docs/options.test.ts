// The comments of the options' interfaces, and the option tables of the documentation, say what lib does.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  declaredOptions,
  interfacesOfTables,
  OPTION_TABLES,
  showDefault,
} from "../helpers/option-tables.js";
import { readTable } from "../helpers/snippets-tables.js";

const ROOT = path.join(__dirname, "../..");
const DOCUMENTS = [
  "README.md",
  ...readdirSync(`${ROOT}/docs`).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));
const read = (name: string) => readFileSync(path.join(ROOT, name), "utf8");

test("every table of lib is looked at", () => {
  expect(interfacesOfTables().sort()).toEqual(Object.keys(OPTION_TABLES));
});

describe("the comments of an interface state the defaults of its table", () => {
  test.each(Object.entries(OPTION_TABLES))("%s", (interfaceName, table) => {
    const declared = declaredOptions(interfaceName);
    expect(Object.keys(declared).sort()).toEqual(Object.keys(table).sort());
    for (const [name, { isRequired, default: standard, resolve }] of Object.entries(table)) {
      const isGroup = showDefault(standard) === "{  }";
      const shown = showDefault(isGroup ? resolve(name, {}) : standard);
      const expected = isRequired ? "required" : (shown ?? expect.not.stringMatching(LITERAL));
      expect({ [name]: declared[name] }).toEqual({ [name]: expected });
    }
  });
});

/** What only a default that the table has may look like; without one, words say what happens. */
const LITERAL = /^(required|true|false|null|"[^"]*"|[[{].*|[\d.-]+|\w+\.\w+)$/;

const WHAT_IT_DOES = "What it does";
const DOCUMENTED = [
  ["TotpSetupOptions", "docs/setup-route.md", "## Options", "Option", WHAT_IT_DOES],
  ["QrCodeOptions", "docs/setup-route.md", "## The QR code", "Rendering option", WHAT_IT_DOES],
  ["VerifyTotpInput", "docs/setup-route.md", "## Helpers", "Option", WHAT_IT_DOES],
  ["TotpServiceOptions", "docs/service.md", "## Options of the service", "Option", WHAT_IT_DOES],
  ["TotpRouterOptions", "docs/http-api.md", "## Options of the router", "Option", WHAT_IT_DOES],
  ["RequireTotpOptions", "docs/guard.md", "## Options of the guard", "Option", WHAT_IT_DOES],
  ["TotpPagesOptions", "docs/pages.md", "## Options", "Option", WHAT_IT_DOES],
  ["TwoFactorAppOptions", "docs/testing-your-app.md", "## Attack your app", "Option", WHAT_IT_DOES],
  ["ExistingEnrollment", "docs/migration.md", "## What to pass", "Option", "What it is"],
] as const;

describe("an option table of the documentation has each option once, with its default, and no other", () => {
  test.each(DOCUMENTED)("%s in %s", (interfaceName, document, heading, column, about) => {
    const text = read(document);
    expect(text).toContain(`\n${heading}\n`);
    const section = text.slice(text.indexOf(`\n${heading}\n`));
    const rows = readTable(section, [column, "Default", about]);
    const declared = declaredOptions(interfaceName);
    expect(Object.keys(declared).length).toBeGreaterThan(3);
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(declared).sort());
    expect(Object.fromEntries(rows.map(([name, value]) => [name, value]))).toEqual(declared);
  });

  /** Its table is of the two ways to use a SQL store, each with an interface. */
  const OTHERS = ["docs/stores.md"];

  test("none is left out", () => {
    const found = DOCUMENTS.flatMap((name) =>
      [...read(name).matchAll(/^\|.* \| Default \|/gm)].map(() => name),
    );
    const expected = [...DOCUMENTED.map(([, document]) => document), ...OTHERS];
    expect(found.sort()).toEqual(expected.sort());
  });
});
