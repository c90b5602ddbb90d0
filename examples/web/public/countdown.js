import { announce } from "./announce.js";

/** Counts down to the next attempt. Until then the form is of no use; after it, the message is of none. */
export function countDown(timer) {
  const form = document.querySelector("form[data-locked]");
  const controls = [...form.elements];
  const end = Date.now() + Number(timer.dataset.seconds) * 1000;
  for (const control of controls) control.disabled = true;

  const tick = () => {
    // By the clock: timers stand still while a laptop sleeps.
    const seconds = Math.ceil((end - Date.now()) / 1000);
    timer.textContent = format(Math.max(seconds, 0));
    if (seconds > 0) return;
    clearInterval(interval);
    for (const control of controls) control.disabled = false;
    document.getElementById("problem").remove();
    form.querySelector("input").focus();
    announce("You can try again now.");
  };
  const interval = setInterval(tick, 1000);
}

function format(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] ? parts : parts.slice(1);
  return [first, ...rest.map((part) => String(part).padStart(2, "0"))].join(":");
}
