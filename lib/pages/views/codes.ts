import { type Html, html } from "../html.js";
import type { PageTexts } from "../texts.js";
import { actionButton, backLink, codeForm } from "./parts.js";
import type { Problem } from "./problem.js";

interface Codes {
  texts: PageTexts;
  codes: readonly string[];
  /** The next page. */
  next: string;
}

/** New backup codes, which are shown only once. */
export function codesView({ texts, codes, next }: Codes): Html {
  return html`<h1>${texts.backupCodesTitle}</h1>
<p>${texts.backupCodesIntro}</p>
<ul class="totp-codes">${codes.map((code) => html`<li data-totp-text="${code}">${code}</li>`)}</ul>
<p>
${actionButton("copy", texts.copy, texts.copied)}
${actionButton("download", texts.download)}
${actionButton("print", texts.print)}
<span role="status" data-totp-status></span>
</p>
<p><a class="totp-button" href="${next}">${texts.backupCodesSaved}</a></p>`;
}

interface Change {
  texts: PageTexts;
  base: string;
  home: string;
  problem?: Problem | undefined;
}

export function newCodesView({ texts, base, home, problem }: Change): Html {
  const form = { action: `${base}/backup-codes`, button: texts.newBackupCodes, problem };
  return html`<h1>${texts.newBackupCodes}</h1>
<p>${texts.newBackupCodesIntro}</p>
${codeForm(texts, form)}
${backLink(texts, home)}`;
}

export function turnOffView({ texts, base, home, problem }: Change): Html {
  const form = { action: `${base}/turn-off`, button: texts.turnOff, problem, danger: true };
  return html`<h1>${texts.turnOff}</h1>
<p>${texts.turnOffIntro}</p>
${codeForm(texts, form)}
${backLink(texts, home)}`;
}
