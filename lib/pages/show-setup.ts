import type { TotpUser } from "../base/user.js";
import type { Setup } from "../service/outcomes.js";
import { type PageContext, sendPage } from "./page.js";
import { rememberSetup } from "./setup-cookie.js";
import type { Problem } from "./views/problem.js";
import { setupView } from "./views/setup.js";

/** The place of a setup: among the pages of a signed-in user, or in a login. */
export interface SetupPlace {
  /** The address of the form for the first code. */
  action: string;
  /** The next page once TOTP is on. */
  to?: string | undefined;
  /** The page to leave the setup for. None in a login. */
  back?: string | undefined;
}

/** Resumes the setup of a pending secret that the browser has sent. */
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
