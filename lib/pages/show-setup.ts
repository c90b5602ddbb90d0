import type { TotpUser } from "../base/user.js";
import type { Setup } from "../service/outcomes.js";
import { type PageContext, sendPage } from "./page.js";
import { rememberSetup } from "./setup-cookie.js";
import type { Problem } from "./views/problem.js";
import { setupView } from "./views/setup.js";

/** Where a setup stands: among the pages of who is signed in, or before a login. */
export interface SetupPlace {
  /** Where the first code is sent. */
  action: string;
  /** Where to go on to once TOTP is on. */
  to?: string | undefined;
  /** Where the setup can be left; before a login, nowhere. */
  back?: string | undefined;
}

/** A pending secret of this user that the browser still knows. */
export async function resume(
  { config }: PageContext,
  user: TotpUser,
  key: string | undefined,
): Promise<Setup | undefined> {
  if (!key) return undefined;
  const resumed = await config.totp.resumeSetup(user, key);
  return resumed.ok ? resumed : undefined;
}

export async function beginShowing(
  context: PageContext,
  setup: Setup,
  place: SetupPlace,
): Promise<void> {
  rememberSetup(context, setup.secret, setup.expiresAt);
  await showSetup(context, setup, place);
}

export async function showSetup(
  context: PageContext,
  setup: Setup,
  { action, to, back }: SetupPlace,
  problem?: Problem,
  status = 200,
): Promise<void> {
  const { texts } = context;
  const view = setupView({ texts, action, to, back, problem, setup });
  await sendPage(context, status, texts.setUpTitle, view);
}
