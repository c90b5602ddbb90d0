export type { PageContent, PageLayout } from "./layout.js";
export type { PageHookInput, TextsOption, TotpPagesOptions } from "./options.js";
export { createTotpPages } from "./pages.js";
export { redirectToStepUp } from "./redirect-to-step-up.js";
export type { PageTexts } from "./texts.js";
