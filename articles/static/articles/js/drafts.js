// What was begun beside a statement and not sent: it stays with its statement, and is there again whenever that is.
// Without it there is nothing to keep: another statement is another page, and that page asks before it is left.
const list = document.getElementById("statements");
const beside = () => document.getElementById("beside");

const drafts = new Map(); // "anchor address name" -> what stands in the field of that form
const keyOf = (at, action, name) => `${at} ${new URL(action, location).pathname} ${name}`;
const keyOfField = (field) => keyOf(beside().dataset.at, field.form.action, field.name);

function isBegun(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.matches("select")) return field.selectedIndex > 0 && !field.selectedOptions[0].defaultSelected;
  return field.value !== field.defaultValue;
}

function keep(field) {
  if (isBegun(field)) drafts.set(keyOfField(field), field.type === "checkbox" ? field.checked : field.value);
  else drafts.delete(keyOfField(field));
  say();
}

function putBack() {
  for (const field of beside().querySelectorAll("form :is(textarea, select, input[type=checkbox])")) {
    const kept = drafts.get(keyOfField(field));
    if (kept === undefined) continue;
    if (field.type === "checkbox") field.checked = kept;
    else field.value = kept;
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  say();
}

function forget(at, action, names) {
  for (const name of names) drafts.delete(keyOf(at, action, name));
  say();
}

// Which statements have such words is said in their margin.
function say() {
  const begun = new Set([...drafts.keys()].map((key) => key.split(" ")[0]));
  for (const said of list.querySelectorAll(".st-unsent")) if (!begun.has(said.closest(".st").id)) said.remove();
  for (const at of begun) {
    const side = at && document.getElementById(at)?.querySelector(".st-side");
    if (!side || side.querySelector(".st-unsent")) continue;
    side.append(Object.assign(document.createElement("p"), { className: "st-foot st-unsent", textContent: "Your words are not sent yet" }));
  }
}

if (list) {
  document.addEventListener("input", ({ target }) => {
    if (target.form && beside().contains(target)) keep(target);
  });
  document.addEventListener("htmx:afterSwap", putBack);

  // A note that was begun goes with the verdict, wherever that is given.
  document.addEventListener("htmx:configRequest", ({ detail: { verb, path, parameters } }) => {
    if (verb !== "post" || !parameters.mark || "note" in parameters) return;
    const note = drafts.get(keyOf(parameters.mark.split(" ")[1], path, "note"));
    if (note !== undefined) parameters.note = note;
  });

  // What the office took is no draft any more, nor what goes the long way (office.js), to a page that keeps it.
  document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr, requestConfig: { verb, path, parameters } } }) => {
    if (verb !== "post" || (xhr.status >= 300 && !xhr.getResponseHeader("X-Kept"))) return;
    const at = parameters.statement ?? parameters.mark?.split(" ")[1] ?? beside().dataset.at;
    forget(at, path, Object.keys(parameters));
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !beside().contains(event.target)) return;
    forget(beside().dataset.at, event.target.action, new FormData(event.target).keys());
  });
  addEventListener("beforeunload", (event) => {
    if (drafts.size) event.preventDefault();
  });
}
