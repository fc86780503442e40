// Marks in the table of contents where the reader is. Without it the contents are a plain list of links.
const links = new Map();
for (const link of document.querySelectorAll("[data-contents] a[href^='#']")) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (heading) links.set(heading, link);
}

function mark() {
  // The last heading that has come to the top of the window, where a link puts it; at the very end of the page, the
  // last one.
  const line = 80;
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
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
  later();
}
