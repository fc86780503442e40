// The list from which an author picks what to cite: the references as they stand in the form at this moment.
import { crel } from "django-prose-editor/editor";

// Name and year, as the server would say; the form writes it down only when it is cited.
function keyFor(words, year, taken) {
  const name = words.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]/g, "").slice(0, 40);
  const stem = (name || "reference") + (/^\d{4}/.exec(year)?.[0] ?? "");
  const letters = ["", ..."bcdefghijklmnopqrstuvwxyz"];
  return stem + (letters.find((letter) => !taken.has(stem + letter)) ?? `-${taken.size}`);
}

function references() {
  const rows = [...document.querySelectorAll("[data-reference]")].filter((row) => !row.querySelector('[name$="-remove"]')?.checked);
  const input = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const value = (row, name) => input(row, name)?.value.trim() ?? "";
  const taken = new Set(rows.map((row) => value(row, "key")).filter(Boolean));
  return rows.flatMap((row) => {
    const author = value(row, "authors").split("\n")[0].split(",")[0];
    const title = value(row, "title");
    if (!value(row, "key") && !author && !title) return [];
    const key = value(row, "key") || keyFor(author || title.split(" ")[0], value(row, "issued"), taken);
    taken.add(key);
    return [{ key, field: input(row, "key"), words: [author, title, value(row, "issued").slice(0, 4)].filter(Boolean).join(". ") }];
  });
}

// Calls `done` with the chosen keys, or with null when the author thinks better of it. At once, in the same turn in
// which the dialog goes: its "close" event comes a moment later, and a quick author is typing by then.
export function chooseReferences(current, done) {
  const known = references();
  const unknown = current.filter((key) => !known.some((each) => each.key === key));
  const choices = [...unknown.map((key) => ({ key, words: "not in the list of references" })), ...known];
  const items = choices.map(({ key, words }) => {
    const box = crel("input", { type: "checkbox", value: key, checked: current.includes(key) });
    return crel("label", {}, [box, crel("span", {}, [crel("strong", { textContent: key }), ` ${words}`])]);
  });
  const filter = crel("input", { type: "search", placeholder: "Find by key, author or title", "aria-label": "Find a reference" });
  const list = crel("div", { className: "cite-list", role: "group", "aria-label": "References" }, items);
  const accept = crel("button", { type: "submit", className: "btn btn-main", textContent: current.length ? "Change the citation" : "Cite" });
  const cancel = crel("button", { type: "button", className: "btn btn-quiet", textContent: choices.length ? "Cancel" : "Close" });
  const none = crel("p", { className: "soft", textContent: "There is no reference yet. Add one under References, further down, and it can be cited here." });
  const form = crel("form", { method: "dialog" }, [
    crel("h2", { id: "cite-title", textContent: "Cite" }),
    ...(choices.length ? [filter, list] : [none]),
    crel("div", { className: "actions" }, choices.length ? [accept, cancel] : [cancel]),
  ]);
  const dialog = crel("dialog", { className: "cite-dialog", "aria-labelledby": "cite-title" }, [form]);

  filter.addEventListener("input", (event) => {
    event.stopPropagation();
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const item of items) item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
  });
  // Enter in the search takes what is left when only one is.
  filter.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const left = items.filter((item) => !item.hidden);
    if (left.length === 1) left[0].querySelector("input").checked = true;
    else event.preventDefault();
  });

  const finish = (chosen) => {
    dialog.close();
    dialog.remove();
    done(chosen);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const chosen = items.map((item) => item.querySelector("input")).filter((box) => box.checked).map((box) => box.value);
    for (const { key, field } of known) if (chosen.includes(key)) field.value = key;
    finish(chosen);
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    finish(null);
  });
  cancel.addEventListener("click", () => finish(null));
  document.body.append(dialog);
  dialog.showModal();
}
