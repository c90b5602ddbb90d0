import { renderQrCodeMarkup } from "../../qr/render.js";
import type { Setup } from "../../service/outcomes.js";
import { type Html, html, trusted } from "../html.js";
import type { PageTexts } from "../texts.js";
import { actionButton, backLink, codeField, codeForm, hidden } from "./parts.js";
import { type Problem, problemNotice } from "./problem.js";

interface View {
  texts: PageTexts;
  /** The address of the form. */
  action: string;
  /** The next page once TOTP is on. */
  to?: string | undefined;
  /** The page to leave the setup for, if there is one. */
  back?: string | undefined;
  problem?: Problem | undefined;
}

/** The form before a setup, so that no GET shows a secret. */
export function beginSetupView(view: View & { needsCode: boolean; intro?: string }): Html {
  const { texts, action, to, back, problem, needsCode, intro } = view;
  if (needsCode) {
    return html`<h1>${texts.moveToAnotherPhone}</h1>
<p>${texts.setUpIntro}</p>
${codeForm(texts, { action, button: texts.continueOn, problem }, hidden("to", to))}
${backLink(texts, back)}`;
  }
  return html`<h1>${texts.setUpTitle}</h1>
${problemNotice(texts, problem)}
<p>${intro ?? texts.setUpIntro}</p>
<form method="post" action="${action}">${hidden("to", to)}<button>${texts.continueOn}</button></form>
${backLink(texts, back)}`;
}

/** The QR code, the key, and the field for the first code. The form also contains the key. */
export function setupView(view: View & { setup: Setup }): Html {
  const { texts, action, to, back, problem, setup } = view;
  const { secret, otpauthUri } = setup;
  return html`<h1>${texts.setUpTitle}</h1>
<p>${texts.scan}</p>
<div class="totp-qr" role="img" aria-label="${texts.qrCode}">${trusted(renderQrCodeMarkup(otpauthUri))}</div>
<p>${texts.typeKey}<br><code class="totp-key" data-totp-text="${secret}">${secret.replace(/.{4}(?=.)/g, "$& ")}</code></p>
<p>${actionButton("copy", texts.copy, texts.copied)} <span role="status" data-totp-status></span></p>
<p><a href="${otpauthUri}">${texts.openApp}</a></p>
${problemNotice(texts, problem)}
<form method="post" action="${action}">
${hidden("key", secret)}
${hidden("to", to)}
${codeField(texts, problem, { help: texts.enterFirstCode, isFirst: true })}
<button>${texts.confirm}</button>
</form>
${backLink(texts, back)}`;
}
