import { type Html, html } from "../html.js";
import type { PageTexts } from "../texts.js";

/** What went wrong with the last code, as far as a page may say. */
export interface Problem {
  reason: string;
  retryAfterSeconds?: number;
  offsetSeconds?: number;
}

/** The message above a form. */
export function problemNotice(texts: PageTexts, problem: Problem | undefined): Html | undefined {
  if (!problem) return undefined;
  const { reason, retryAfterSeconds = 0, offsetSeconds } = problem;
  if (reason === "locked") {
    return html`<div class="totp-notice" role="alert" data-totp-retry="${retryAfterSeconds}">
<p class="totp-error" id="totp-problem">${texts.lockedFor(retryAfterSeconds)} <span data-totp-countdown></span></p>
<p>${texts.lockedHelp}</p>
</div>`;
  }
  const text =
    offsetSeconds === undefined
      ? (texts.reasons[reason] ?? texts.failed)
      : texts.clockOff(offsetSeconds);
  return html`<p class="totp-error" role="alert" id="totp-problem">${text}</p>`;
}

/** The field for a code. */
export function codeField(
  texts: PageTexts,
  problem: Problem | undefined,
  help = texts.codeHelp,
): Html {
  const describedBy = problem ? "totp-help totp-problem" : "totp-help";
  const invalid = problem && html` aria-invalid="true"`;
  return html`<label for="totp-code">${texts.code}</label>
<input id="totp-code" name="code" type="text" inputmode="text" autocomplete="one-time-code" autocapitalize="off" spellcheck="false" maxlength="64" required autofocus aria-describedby="${describedBy}"${invalid}>
<p class="totp-muted" id="totp-help">${help}</p>`;
}

export function hidden(name: string, value: string | undefined): Html | undefined {
  return value === undefined
    ? undefined
    : html`<input type="hidden" name="${name}" value="${value}">`;
}

/** A form with a field for a code and one button. */
export function codeForm(
  texts: PageTexts,
  form: { action: string; button: string; problem?: Problem | undefined; danger?: boolean },
  more?: Html,
): Html {
  return html`${problemNotice(texts, form.problem)}
<form method="post" action="${form.action}">
${codeField(texts, form.problem)}
${more}
<button${form.danger && html` class="totp-danger"`}>${form.button}</button>
</form>`;
}

export function backLink(texts: PageTexts, base: string): Html {
  return html`<p><a href="${base || "/"}">${texts.back}</a></p>`;
}
