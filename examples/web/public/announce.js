const announcement = document.getElementById("announcement");

/** Has a screen reader say something, wherever its user is. */
export function announce(text) {
  // The same text a second time would be no change, and would not be said.
  announcement.textContent = announcement.textContent === text ? `${text}\u00a0` : text;
}
