import { type Html, html } from "../html.js";
import type { PageTexts } from "../texts.js";
import { codeForm, hidden } from "./parts.js";
import type { Problem } from "./problem.js";

interface View {
  texts: PageTexts;
  base: string;
  problem?: Problem | undefined;
}

export function loginView({ texts, base, problem, trust }: View & { trust?: boolean }): Html {
  const form = { action: `${base}/login`, button: texts.signIn, problem };
  const checked = trust && html` checked`;
  const box = html`<label class="totp-check"><input type="checkbox" name="trust_device" value="yes"${checked}> ${texts.trustDevice}</label>`;
  return html`<h1>${texts.loginTitle}</h1>
<p>${texts.loginIntro}</p>
${codeForm(texts, form, box)}`;
}

export function stepUpView({ texts, base, problem, to }: View & { to: string | undefined }): Html {
  const form = { action: `${base}/step-up`, button: texts.continueOn, problem };
  return html`<h1>${texts.stepUpTitle}</h1>
<p>${texts.stepUpIntro}</p>
${codeForm(texts, form, hidden("to", to))}`;
}

/** Explains, after three consecutive codes, why single ones were refused. */
export function clockView(texts: PageTexts, offsetSeconds: number, next: string): Html {
  return html`<h1>${texts.loginTitle}</h1>
<p class="totp-notice" role="status">${texts.clockOff(offsetSeconds)}</p>
<p><a class="totp-button" href="${next}">${texts.continueOn}</a></p>`;
}
