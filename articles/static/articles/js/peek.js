// Shows a reference or an explanation beside the number or word that leads to it: on hover, on focus, on tap.
// Without it the link leads to the place. What is shown is a copy; the page itself is not changed.
const LEADS = "a.cite[href^='#ref-'], a.cite[href^='#reply-'], a.term[href^='#word-']";
const WAIT = 120; // milliseconds: crossing a line of text with the pointer opens nothing

let card = null;
let shownFor = null;
let timer = 0;

function contentOf(link) {
  const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!place) return null;
  const content = document.createElement("div");
  for (const node of place.querySelectorAll(".reference-text, .reference-links > a, dt, dd")) content.append(node.cloneNode(true));
  for (const node of content.querySelectorAll("[id]")) node.removeAttribute("id");
  for (const node of content.querySelectorAll("a[href^='#']")) node.remove();
  return content;
}

function hide() {
  clearTimeout(timer);
  card?.remove();
  shownFor?.removeAttribute("aria-describedby");
  card = shownFor = null;
}

function show(link) {
  if (shownFor === link) return;
  hide();
  const content = contentOf(link);
  if (!content) return;
  card = document.createElement("div");
  card.className = "peek";
  card.id = "peek";
  card.setAttribute("role", "tooltip");
  card.append(content);
  document.body.append(card);
  link.setAttribute("aria-describedby", "peek");
  shownFor = link;
  place(link.getBoundingClientRect());
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", later);
}

// Above the word where there is room, else below; never wider than the window. Positions are set as properties
// of the element's style object, which the content security policy allows.
function place(at) {
  const box = card.getBoundingClientRect();
  const gap = 8;
  const above = at.top - box.height - gap;
  const top = above > gap ? above : at.bottom + gap;
  const left = Math.min(Math.max(gap, at.left + at.width / 2 - box.width / 2), document.documentElement.clientWidth - box.width - gap);
  card.style.top = `${top + scrollY}px`;
  card.style.left = `${Math.max(gap, left) + scrollX}px`;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(hide, WAIT * 2);
}

document.addEventListener("pointerover", (event) => {
  const link = event.target.closest?.(LEADS);
  if (!link || event.pointerType === "touch") return;
  clearTimeout(timer);
  timer = setTimeout(() => show(link), WAIT);
});
document.addEventListener("pointerout", (event) => {
  if (event.target.closest?.(LEADS) && event.pointerType !== "touch") later();
});
document.addEventListener("focusin", (event) => {
  const link = event.target.closest?.(LEADS);
  if (link?.matches(":focus-visible")) show(link);
  else if (!card?.contains(event.target)) hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && card) hide();
});
// A first tap shows, a second one follows; a mouse or the keyboard follows at once.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(LEADS);
  if (link && event.pointerType === "touch" && shownFor !== link) {
    event.preventDefault();
    show(link);
  } else if (!card?.contains(event.target)) hide();
});
