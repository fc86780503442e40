// Keyboard shortcuts: one letter, never while one writes, and switched off by whoever cannot use them.
// A key that is pressed becomes a "shortcut" event where the focus is; the page's own script hears it and
// calls preventDefault when it has done something.
const dialog = document.getElementById("keys");
const STORED = "netreview-keys-off";

function isOff() {
  try { return localStorage.getItem(STORED) === "yes"; } catch { return false; }
}

function isWriting(element) {
  return element.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])") !== null;
}

function open() {
  dialog.querySelector("#keys-on").checked = !isOff();
  dialog.showModal();
}

if (dialog) {
  for (const button of document.querySelectorAll("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  dialog.querySelector("#keys-on").addEventListener("change", (event) => {
    try {
      if (event.target.checked) localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, "yes");
    } catch { /* a browser that keeps nothing asks again next time */ }
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isOff()) return;
    if (isWriting(event.target) || document.querySelector(":popover-open, dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      open();
      return;
    }
    const asked = new CustomEvent("shortcut", { detail: event.key, bubbles: true, cancelable: true });
    if (!event.target.dispatchEvent(asked)) event.preventDefault();
  });
}
