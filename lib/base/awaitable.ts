/**
 * A value or a promise of one. Callbacks can be synchronous or asynchronous.
 *
 * @example
 * ```ts
 * const findUser = (id: string): Awaitable<{ id: string } | undefined> => users.findById(id);
 * ```
 */
export type Awaitable<T> = T | PromiseLike<T>;

export function isPromiseLike<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === "function";
}
