import { type Html, html } from "../html.js";
import type { PageTexts } from "../texts.js";
import { backLink } from "./parts.js";

interface View {
  texts: PageTexts;
  /** What is wrong. */
  text: string;
  /** Set if signing in resolves the error. */
  signInPath: string | undefined;
  back: string | undefined;
}

export function errorView({ texts, text, signInPath, back }: View): Html {
  const signIn = html`<p><a class="totp-button" href="${signInPath}">${texts.signIn}</a></p>`;
  return html`<h1>${texts.title}</h1>
<p class="totp-error" role="alert">${text}</p>
${signInPath !== undefined && signIn}
${backLink(texts, back)}`;
}
