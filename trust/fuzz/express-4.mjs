// Loaded with --import: `express` is Express 4, for the library as well.
import { register } from "node:module";

const hook = `
export const resolve = (name, context, next) => next(name === "express" ? "express4" : name, context);
`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
