// n and p go through what changed. Without it one scrolls.
function changes() {
  return [...document.querySelectorAll(".differences .change:not(.change-same)")].filter(
    (change) => change.checkVisibility(),
  );
}

document.addEventListener("shortcut", (event) => {
  const step = { n: 1, p: -1 }[event.detail];
  const found = changes();
  if (!step || !found.length) return;
  event.preventDefault();
  const at = found.indexOf(document.activeElement.closest(".change"));
  const next = found[at < 0 ? (step > 0 ? 0 : found.length - 1) : Math.min(Math.max(at + step, 0), found.length - 1)];
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
});
