// Marks in the table of contents where the reader is; in a review, where the chosen statement is. Without it the contents
// are a plain list of links.
const links = new Map();
for (const link of document.querySelectorAll("[data-contents] a[href^='#']")) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (heading) links.set(heading, link);
}

function mark() {
  // The last heading that has come to the top of the window, where a link puts it, or that stands above the chosen
  // statement while that is in sight; at the very end of the page, the last one.
  const chosen = document.querySelector(".st-current")?.getBoundingClientRect();
  const isSeen = chosen && chosen.bottom > 0 && chosen.top < innerHeight;
  const line = isSeen ? Math.max(80, chosen.top) : 80;
  const atEnd = !isSeen && innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
  let current = null;
  for (const [heading, link] of links) {
    if (heading.getBoundingClientRect().top <= line || (atEnd && scrollY > 0)) current = link;
  }
  for (const link of links.values()) {
    if (link === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

let waiting = false;
function later() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; mark(); });
}

if (links.size) {
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later, { passive: true });
  document.getElementById("statements")?.addEventListener("focusin", later);
  later();
}
