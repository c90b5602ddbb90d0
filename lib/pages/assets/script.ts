/** Copy, download, print, and the countdown of a lock. Everything works without it. */
export const SCRIPT = `
for (const button of document.querySelectorAll("[data-totp-action]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = [...document.querySelectorAll("[data-totp-text]")]
      .map((element) => element.textContent.trim()).join("\\n");
    if (button.dataset.totpAction === "print") return window.print();
    if (button.dataset.totpAction === "download") {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text + "\\n"], { type: "text/plain" }));
      link.download = "backup-codes.txt";
      link.click();
      return URL.revokeObjectURL(link.href);
    }
    await navigator.clipboard.writeText(text);
    document.querySelector("[data-totp-status]").textContent = button.dataset.totpDone;
  });
}
for (const element of document.querySelectorAll("[data-totp-retry]")) {
  const end = Date.now() + Number(element.dataset.totpRetry) * 1000;
  const output = element.querySelector("[data-totp-countdown]");
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const seconds = String(left % 60).padStart(2, "0");
    output.textContent = Math.floor(left / 60) + ":" + seconds;
    if (left > 0) setTimeout(tick, 1000);
  };
  tick();
}
`;
