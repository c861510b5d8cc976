/** True when every program that the tests use is there in the end; installs what is missing where it can. */
export function ensureSystem(): boolean
