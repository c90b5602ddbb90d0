import { callWithin } from "../base/call-within.js";
import { TotpCallbackError } from "../base/errors.js";
import { describeUser, idOf, type TotpUser } from "../base/user.js";
import type { WaitingLogin } from "../service/login-outcomes.js";
import type { PageContext } from "./page.js";

/** Returns the user of a waiting login: the one that `findUser` returns, or the id. */
export async function loginUser(
  { config }: PageContext,
  userId: WaitingLogin["userId"],
): Promise<TotpUser> {
  const user: unknown = await callWithin("findUser", config.timeoutMs, () =>
    config.findUser?.(userId),
  );
  if (user === undefined || user === null) return userId;
  if (String(idOf(user)) === String(userId)) return user as TotpUser;
  throw new TotpCallbackError("findUser", {
    expected: "the user with the id that it was called with, or null",
    ...describeUser(user),
  });
}
