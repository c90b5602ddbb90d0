import { existsSync } from "node:fs";
import path from "node:path";

/**
 * The path of a program: in these folders, on the PATH, or where systems keep their daemons. Those that
 * WITHOUT_PROGRAMS lists (`postgres,redis-server`) are treated as not installed.
 */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  if (process.env.WITHOUT_PROGRAMS?.split(",").includes(name)) return undefined;
  const searched = [...folders, ...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin"];
  return searched
    .filter(Boolean)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}
