// Shows which answer the reader gave. The page itself is the same for everybody, so that it can be cached.
const said = document.cookie.split("; ").find((pair) => pair.startsWith("audience="))?.slice(9);
for (const button of document.querySelectorAll("[data-audience] button")) {
  if (button.value === said) button.setAttribute("aria-pressed", "true");
}
