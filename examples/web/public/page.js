import { copyOnClick } from "./copy.js";
import { countDown } from "./countdown.js";

// What needs a script is hidden until there is one.
for (const button of document.querySelectorAll("[data-copies]")) copyOnClick(button);
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const timer of document.querySelectorAll("[role=timer]")) countDown(timer);
