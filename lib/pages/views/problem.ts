import { type Html, html } from "../html.js";
import { type PageTexts, reasonText } from "../texts.js";

/** What went wrong with the last code, as far as a page can show it. */
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
    // The countdown is hidden from screen readers, which would announce every second.
    return html`<div class="totp-notice" role="alert" data-totp-retry="${retryAfterSeconds}">
<p class="totp-error" id="totp-problem">${texts.lockedFor(retryAfterSeconds)} <span aria-hidden="true" data-totp-countdown></span></p>
<p>${texts.lockedHelp}</p>
</div>`;
  }
  const text =
    offsetSeconds === undefined
      ? (reasonText(texts, reason) ?? texts.failed)
      : texts.clockOff(offsetSeconds);
  return html`<p class="totp-error" role="alert" id="totp-problem">${text}</p>`;
}
