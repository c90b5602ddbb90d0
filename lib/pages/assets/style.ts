/**
 * Colors, font, and radius are custom properties. `:where` makes them defaults, so that an app can set them in its own
 * style sheet, in any order. They follow the system's dark mode only in the default layout, whose body is dark then.
 */
export const STYLE = `
.totp {
  color: var(--totp-text);
  background: var(--totp-surface);
  font: 1rem/1.5 var(--totp-font);
  max-width: 34rem;
  margin: 0 auto;
  padding: 1.5rem 1rem 3rem;
  overflow-wrap: anywhere;
}
:where(:root) {
  --totp-text: #1c1e21;
  --totp-muted: #55595f;
  --totp-surface: #ffffff;
  --totp-border: #767c85;
  --totp-accent: #0b5cad;
  --totp-on-accent: #ffffff;
  --totp-danger: #a61b1b;
  --totp-notice: #eef4fb;
  --totp-font: system-ui, sans-serif;
  --totp-radius: 8px;
}
@media (prefers-color-scheme: dark) {
  :where(.totp-page) {
    --totp-text: #eceef1;
    --totp-muted: #b4bac3;
    --totp-surface: #16181c;
    --totp-border: #7d858f;
    --totp-accent: #8abfff;
    --totp-on-accent: #10151c;
    --totp-danger: #ff9d94;
    --totp-notice: #1f2833;
    color-scheme: dark;
  }
}
.totp-page { margin: 0; background: var(--totp-surface); }
.totp *, .totp *::before { box-sizing: border-box; }
.totp h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
.totp h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.totp p { margin: 0 0 1rem; }
.totp a { color: var(--totp-accent); }
.totp form { margin: 1rem 0; }
.totp label { display: block; font-weight: 600; margin-bottom: .25rem; }
.totp .totp-check { font-weight: 400; display: flex; gap: .5rem; align-items: center; margin: .75rem 0 0; min-height: 2.75rem; }
.totp .totp-check input { width: 1.5rem; height: 1.5rem; flex: none; margin: 0; accent-color: var(--totp-accent); }
.totp input[type="text"] {
  font: inherit; font-size: 1.25rem; letter-spacing: .08em; width: 100%; max-width: 22rem;
  color: inherit; background: transparent; border: 1px solid var(--totp-border);
  border-radius: var(--totp-radius); padding: .5rem .75rem; min-height: 2.75rem;
}
.totp input[aria-invalid="true"] { border-color: var(--totp-danger); }
.totp button, .totp .totp-button {
  font: inherit; font-weight: 600; display: inline-block; cursor: pointer; text-decoration: none;
  color: var(--totp-on-accent); background: var(--totp-accent); border: 1px solid var(--totp-accent);
  border-radius: var(--totp-radius); padding: .6rem 1.1rem; margin: .75rem .5rem 0 0; min-height: 2.75rem;
}
.totp .totp-quiet { color: var(--totp-accent); background: transparent; }
.totp .totp-danger { background: transparent; color: var(--totp-danger); border-color: var(--totp-danger); }
.totp :focus-visible { outline: 3px solid var(--totp-accent); outline-offset: 2px; }
.totp [hidden] { display: none; }
.totp-muted { color: var(--totp-muted); }
.totp-error { color: var(--totp-danger); font-weight: 600; }
.totp-notice { background: var(--totp-notice); border-radius: var(--totp-radius); padding: .75rem 1rem; }
.totp-notice p:last-child { margin: 0; }
.totp #totp-help { margin-top: .5rem; }
.totp-qr { background: #fff; width: fit-content; max-width: 100%; border-radius: var(--totp-radius); margin: 0 0 1rem; }
.totp-qr svg { display: block; max-width: 100%; height: auto; border-radius: inherit; }
.totp-key, .totp-codes li { font-family: ui-monospace, monospace; letter-spacing: .04em; }
.totp-key { font-size: 1.1rem; }
.totp-codes { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)); gap: .5rem; }
.totp-list { list-style: none; padding: 0; }
.totp-list li { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; border-top: 1px solid var(--totp-border); padding: .5rem 0; }
.totp-list form { margin: 0; }
.totp-list button { margin: 0; }
@media print {
  .totp button, .totp .totp-button, .totp form, .totp [role="status"] { display: none; }
}
`;
