import type { TrustedDevice } from "../../service/login-outcomes.js";
import type { TotpStatus } from "../../service/outcomes.js";
import { type Html, html } from "../html.js";
import type { PageTexts } from "../texts.js";
import { hidden } from "./parts.js";

interface Overview {
  texts: PageTexts;
  base: string;
  status: TotpStatus;
  devices: readonly TrustedDevice[];
  /** Whether the user must have TOTP. */
  isMandatory: boolean;
  /** Whether the service has backup codes. */
  hasBackupCodes: boolean;
}

/** The status of TOTP, with links to all changes. */
export function overview(view: Overview): Html {
  const { texts, base, status, devices, isMandatory, hasBackupCodes } = view;
  const { isEnabled, createdAt, backupCodesRemaining } = status;
  if (!isEnabled) {
    return html`<h1>${texts.title}</h1>
<p>${texts.off}</p>
<p><a class="totp-button" href="${base}/setup">${texts.setUp}</a></p>`;
  }
  return html`<h1>${texts.title}</h1>
<p>${createdAt && texts.on(createdAt)}</p>
${isMandatory && html`<p>${texts.mandatory}</p>`}
<p><a class="totp-button totp-quiet" href="${base}/setup">${texts.moveToAnotherPhone}</a>
${!isMandatory && html`<a class="totp-button totp-danger" href="${base}/turn-off">${texts.turnOff}</a>`}</p>
${hasBackupCodes && backupCodes(texts, base, backupCodesRemaining)}
${devices.length > 0 && deviceList({ texts, base, devices })}`;
}

function backupCodes(texts: PageTexts, base: string, remaining: number): Html {
  return html`<h2>${texts.backupCodesTitle}</h2>
<p>${texts.backupCodesLeft(remaining)}</p>
<p><a class="totp-button totp-quiet" href="${base}/backup-codes">${texts.newBackupCodes}</a></p>`;
}

function deviceList({ texts, base, devices }: Pick<Overview, "texts" | "base" | "devices">): Html {
  return html`<h2>${texts.devicesTitle}</h2>
<ul class="totp-list">
${devices.map(
  ({ id, label, expiresAt }) => html`<li>
<span>${label ?? texts.deviceWithoutLabel} <span class="totp-muted">${texts.deviceUntil(expiresAt)}</span></span>
<form method="post" action="${base}/devices">${hidden("id", id)}<button class="totp-quiet">${texts.revoke}</button></form>
</li>`,
)}
</ul>`;
}
