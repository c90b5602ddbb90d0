// Loaded before the demo: a Node without node:sqlite.
const { getBuiltinModule } = process;
/** @param {string} name */
process.getBuiltinModule = (name) =>
  name === "node:sqlite" ? undefined : getBuiltinModule.call(process, name);
