import { identifyFor } from "../../express/identify-for.js";
import { isMandatory } from "../../express/must-enroll.js";
import { refusalError } from "../../express/refusals.js";
import { contextOf } from "../../http/options.js";
import { readForm } from "../form.js";
import { type PageContext, redirect, sendPage } from "../page.js";
import { overview } from "../views/overview.js";

export async function getOverview(context: PageContext): Promise<void> {
  const { config, req, texts, base } = context;
  const { user, userId } = await identifyFor(config, req);
  const [status, devices] = await Promise.all([
    config.totp.status(userId),
    config.totp.listDevices(userId),
  ]);
  const hasBackupCodes = config.totp.config.backupCodes !== false;
  const view = overview({
    texts,
    base,
    status,
    devices,
    isMandatory: await isMandatory(config, user, req),
    hasBackupCodes,
  });
  await sendPage(context, 200, texts.title, view);
}

export async function postDevices(context: PageContext): Promise<void> {
  const { config, req, home } = context;
  const { userId } = await identifyFor(config, req);
  const { id = "" } = await readForm(context);
  const options = { context: contextOf(config, req) };
  const outcome = await config.totp.revokeDevice(userId, id, options);
  if (!outcome.ok) throw refusalError(outcome);
  redirect(context, home);
}
