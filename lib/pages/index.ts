export type { PageHookInput } from "./hook-input.js";
export type { PageContent, PageLayout } from "./layout.js";
export type { TotpPagesOptions } from "./options.js";
export type { PageTexts, TextsOption } from "./page-texts.js";
export { createTotpPages } from "./pages.js";
export { redirectToStepUp } from "./redirect-to-step-up.js";
