import { CODE_CASES } from "./codes.js";
import { LOGIN_CASES } from "./logins.js";
import { SETUP_CASES } from "./setup.js";

/** Each operation of the service. */
export const CRASH_CASES = [...SETUP_CASES, ...CODE_CASES, ...LOGIN_CASES];
