/** The rows of the Markdown table that begins with these column names, as cells without backticks. */
export function readTable(markdown: string, columns: readonly string[]): string[][] {
  const lines = markdown.split("\n");
  const start = lines.indexOf(`| ${columns.join(" | ")} |`);
  if (start < 0) throw new Error(`no table with the columns ${columns.join(", ")}`);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end < 0 ? undefined : end).map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}
