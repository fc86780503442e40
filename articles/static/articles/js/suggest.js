// Arrow keys go through what is suggested for a search, Escape closes it. Without it one goes there with Tab.
const input = document.getElementById("search-q");
const place = document.getElementById("suggestions");

document.addEventListener("keydown", (event) => {
  const links = [...(place?.querySelectorAll("a") ?? [])];
  const at = links.indexOf(document.activeElement);
  if (!links.length || (at < 0 && document.activeElement !== input)) return;
  if (event.key === "Escape") {
    place.replaceChildren();
    input.focus();
  } else if (event.key === "ArrowDown") {
    links[Math.min(at + 1, links.length - 1)].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    (links[at - 1] ?? input).focus();
  } else return;
  event.preventDefault();
});
