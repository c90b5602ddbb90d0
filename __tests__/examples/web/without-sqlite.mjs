// Loaded before the demo: a Node without node:sqlite, and without better-sqlite3 installed.
import { register } from "node:module";

const { getBuiltinModule } = process;
/** @param {string} name */
process.getBuiltinModule = (name) =>
  name === "node:sqlite" ? undefined : getBuiltinModule.call(process, name);

const hooks = `export async function resolve(name, context, next) {
  if (name === "better-sqlite3") throw new Error("not installed");
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
