import { announce } from "./announce.js";

/** Lets a button copy the text of the element whose id it names. */
export function copyOnClick(button) {
  const source = document.getElementById(button.dataset.copies);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const isCopied = await copy(source);
    button.textContent = isCopied ? "Copied" : label;
    announce(isCopied ? "Copied" : "Selected. Copy it with your keyboard or menu.");
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}

async function copy(source) {
  try {
    await navigator.clipboard.writeText(textOf(source));
    return true;
  } catch {
    // Not there, as on a page over plain HTTP, or not allowed.
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}

/** A list has an item a line. */
function textOf(source) {
  const items = [...source.querySelectorAll("li")];
  return (items.length ? items : [source]).map((each) => each.textContent.trim()).join("\n");
}
