import { type Html, html } from "../html.js";
import type { PageTexts } from "../texts.js";
import { type Problem, problemNotice } from "./problem.js";

interface CodeField {
  help: string;
  /** Whether it is for the first code of a setup: digits only, and without focus. */
  isFirst: boolean;
}

/** The field for a code. */
export function codeField(
  texts: PageTexts,
  problem: Problem | undefined,
  { help, isFirst }: CodeField = { help: texts.codeHelp, isFirst: false },
): Html {
  const describedBy = problem ? "totp-problem totp-help" : "totp-help";
  const invalid = problem && html` aria-invalid="true"`;
  // With focus, a phone would scroll past the QR code.
  const focus = (!isFirst || problem) && html` autofocus`;
  return html`<label for="totp-code">${texts.code}</label>
<input id="totp-code" name="code" type="text" inputmode="${isFirst ? "numeric" : "text"}" autocomplete="one-time-code" autocapitalize="off" spellcheck="false" maxlength="64" required aria-describedby="${describedBy}"${focus}${invalid}>
<p class="totp-muted" id="totp-help">${help}</p>`;
}

export function hidden(name: string, value: string | undefined): Html | undefined {
  return value === undefined
    ? undefined
    : html`<input type="hidden" name="${name}" value="${value}">`;
}

/** A button that is hidden until the script of the pages shows it. */
export function actionButton(action: string, label: string, done?: string): Html {
  const text = done !== undefined && html` data-totp-done="${done}"`;
  return html`<button class="totp-quiet" type="button" hidden data-totp-action="${action}"${text}>${label}</button>`;
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

export function backLink(texts: PageTexts, back: string | undefined): Html | undefined {
  return back === undefined ? undefined : html`<p><a href="${back}">${texts.back}</a></p>`;
}
