import { announce } from "./announce.js";

/** Counts down to when a single code is accepted again, and then shows the link to the form for one. */
export function countDown(timer) {
  const end = Date.now() + Number(timer.dataset.seconds) * 1000;
  const after = document.querySelector("[data-after]");

  const tick = () => {
    // By the clock: timers stand still while a laptop sleeps.
    const seconds = Math.ceil((end - Date.now()) / 1000);
    timer.textContent = format(Math.max(seconds, 0));
    if (seconds > 0) return;
    clearInterval(interval);
    // What was typed meanwhile stays.
    timer.parentElement.remove();
    after.hidden = false;
    announce("You can enter a single code again.");
  };
  const interval = setInterval(tick, 1000);
}

function format(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] ? parts : parts.slice(1);
  return [first, ...rest.map((part) => String(part).padStart(2, "0"))].join(":");
}
