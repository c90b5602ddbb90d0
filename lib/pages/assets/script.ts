/**
 * Copy, download, and print buttons, the countdown of a lock, and protection against double clicks. Everything else
 * works without it. The clipboard is available only over HTTPS.
 */
export const SCRIPT = `
const text = () =>
  [...document.querySelectorAll("[data-totp-text]")].map((each) => each.dataset.totpText).join("\\n");
const actions = {
  copy: navigator.clipboard && ((button) =>
    navigator.clipboard.writeText(text()).then(() => {
      document.querySelector("[data-totp-status]").textContent = button.dataset.totpDone;
    }, () => {})),
  download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text() + "\\n"], { type: "text/plain" }));
    link.download = "backup-codes.txt";
    link.click();
  },
  print: () => window.print(),
};
for (const button of document.querySelectorAll("[data-totp-action]")) {
  const action = actions[button.dataset.totpAction];
  button.hidden = !action;
  button.addEventListener("click", () => action(button));
}
for (const element of document.querySelectorAll("[data-totp-retry]")) {
  const end = Date.now() + Number(element.dataset.totpRetry) * 1000;
  const output = element.querySelector("[data-totp-countdown]");
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    if (parts[0] === 0) parts.shift();
    output.textContent = parts.map((part, i) => i ? String(part).padStart(2, "0") : part).join(":");
    if (left > 0) setTimeout(tick, 1000);
  };
  tick();
}
// A second click would send the same code again, and its error would replace the result of the first one.
for (const form of document.querySelectorAll(".totp form")) {
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  window.addEventListener("pageshow", () => {
    isSent = false;
  });
}
`;
