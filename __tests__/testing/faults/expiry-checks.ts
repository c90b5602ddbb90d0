/** The names of the checks. */
export const KEEPS = "keeps a value that expires later";
export const COPIES = "copies expiresAt when it is called";
export const DELETES = "deletes a value whatever expiresAt comes with it";
export const DROPS = "drops a value that has expired";
export const NOT_BEFORE = "drops no value before its expiresAt";
export const AT_ONCE = "drops a value that has expired when it is set";
export const WITHOUT = "lets a value stay that is written again without expiresAt";
export const UNDEFINED = "lets a value stay that is written again with expiresAt: undefined";
export const AFTER_DELETION = "lets a value stay that is set after a deletion";
export const LONGER = "lets a value live as long as it was last written with";
export const AFTER_ALL = "drops a value that was to stay and then to expire";

export const timeOf = (date: Date | undefined) => date?.getTime() ?? Infinity;
