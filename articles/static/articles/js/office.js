// What a browser cannot do by itself in the office. Every page works without it.

// A menu made of <details> closes like a menu: on Escape, and when one clicks elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A link in a sheet that leads to a place on this page puts the sheet away.
document.addEventListener("click", (event) => {
  event.target.closest("[popover] a[href^='#']")?.closest("[popover]").hidePopover();
});

// A second click on "Approve" while the first is on its way would only earn a refusal. The server refuses it anyway.
const sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (sent.has(form)) event.preventDefault();
  else sent.add(form);
});
// Back from the next page, or after a partial came back, the same form may be sent again.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-once]").forEach((form) => sent.delete(form));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) sent.delete(form);
});

// What came in the place of the part that had the focus has it now: the keyboard goes on from there.
document.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => {
  if (document.activeElement === document.body && elt.matches('[tabindex="-1"]')) elt.focus({ preventScroll: true });
});

// Who opens the box to answer in wants to write.
document.addEventListener("toggle", ({ target }) => {
  if (target.matches(".thread-reply[open]") && document.activeElement === target.querySelector("summary")) target.querySelector("textarea").focus();
}, true);

// Leaving a page with unsaved words asks first. Saving is not leaving, unless words stand in another form.
// A form that came back from the server with words that are not saved says so.
const unsaved = new Set(document.querySelectorAll('form[data-unsaved="yes"]'));
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-unsaved]");
  if (form) unsaved.add(form);
});
document.addEventListener("submit", (event) => unsaved.delete(event.target));
addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

// A session that ended or changed while somebody wrote: the form goes the long way, to a page that keeps its words.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const form = requestConfig.elt.closest("form[method]");
  if (!form || !xhr.getResponseHeader("X-Kept")) return;
  event.detail.shouldSwap = false;
  const { submitter } = requestConfig.triggeringEvent ?? {};
  if (submitter?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
  form.submit();
});
