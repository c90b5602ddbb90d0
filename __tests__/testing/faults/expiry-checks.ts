/** Names of the checks. */
export const KEEPS = "keeps a value that expires later";
export const COPIES = "copies expiresAt when it is called";
export const DELETES = "deletes a value whatever its expiresAt is";
export const DROPS = "removes a value that has expired";
export const NOT_BEFORE = "keeps a value until its expiresAt";
export const AT_ONCE = "accepts a value that has already expired";
export const WITHOUT = "keeps a value that is written again without expiresAt";
export const UNDEFINED = "keeps a value that is written again with expiresAt: undefined";
export const AFTER_DELETION = "keeps a value that is set after a deletion";
export const LONGER = "keeps a value that is written again with a later expiresAt";
export const AFTER_ALL = "removes a value that is written again with expiresAt";

export const timeOf = (date: Date | undefined) => date?.getTime() ?? Infinity;
