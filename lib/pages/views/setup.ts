import { renderQrCodeMarkup } from "../../qr/render.js";
import type { Setup } from "../../service/outcomes.js";
import { type Html, html, trusted } from "../html.js";
import type { PageTexts } from "../texts.js";
import { backLink, codeField, codeForm, hidden, type Problem, problemNotice } from "./parts.js";

interface View {
  texts: PageTexts;
  /** Where the form is sent. */
  action: string;
  base: string;
  problem?: Problem | undefined;
}

/** Before a setup: no page that is asked for by GET shows a secret. */
export function beginSetupView(view: View & { needsCode: boolean; intro?: string }): Html {
  const { texts, action, base, problem, needsCode, intro } = view;
  if (needsCode) {
    return html`<h1>${texts.moveToAnotherPhone}</h1>
<p>${texts.setUpIntro}</p>
${codeForm(texts, { action, button: texts.continueOn, problem })}
${backLink(texts, base)}`;
  }
  return html`<h1>${texts.setUpTitle}</h1>
${problemNotice(texts, problem)}
<p>${intro ?? texts.setUpIntro}</p>
<form method="post" action="${action}"><button>${texts.continueOn}</button></form>
${!intro && backLink(texts, base)}`;
}

/** The QR code, the key, and the field for the first code. The form carries the key back. */
export function setupView({ texts, action, base, problem, setup }: View & { setup: Setup }): Html {
  const { secret, otpauthUri } = setup;
  return html`<h1>${texts.setUpTitle}</h1>
<p>${texts.scan}</p>
<p class="totp-qr" role="img" aria-label="${texts.scan}">${trusted(renderQrCodeMarkup(otpauthUri))}</p>
<p>${texts.typeKey}<br><code class="totp-key" data-totp-key>${secret.replace(/.{4}(?=.)/g, "$& ")}</code></p>
<p><a href="${otpauthUri}">${texts.openApp}</a></p>
${problemNotice(texts, problem)}
<form method="post" action="${action}">
${hidden("key", secret)}
${codeField(texts, problem, texts.enterFirstCode)}
<button>${texts.confirm}</button>
</form>
${backLink(texts, base)}`;
}
