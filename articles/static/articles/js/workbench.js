// The statements of a review: one is current, its evidence stands beside it, verdicts are given in place.
// Without it every link and button does the same by loading the page.
const list = document.getElementById("statements");
const narrow = matchMedia("(max-width: 75rem)");
// At once: by default htmx puts an element's classes right a moment later, when another may be current already.
const SWAP = "outerHTML settle:0ms";
const PAUSE = 150; // ms: who runs through the statements does not want the evidence of each

const statements = () => [...list.querySelectorAll(".st[id]")];
const current = () => list.querySelector(".st-current[id]");
const beside = () => document.getElementById("beside");
const anchorOf = (link) => new URL(link.href).searchParams.get("at");

function makeCurrent(statement) {
  const before = current();
  if (before === statement) return false;
  before?.classList.remove("st-current");
  statement.classList.add("st-current");
  history.replaceState(history.state, "", `#${statement.id}`);
  return true;
}

function go(statement) {
  if (!statement) return;
  makeCurrent(statement);
  statement.focus({ preventScroll: true });
  statement.scrollIntoView({ block: "center" });
  later(statement.id);
}

// --- Beside -------------------------------------------------------------------------------------------------

let waiting;
function later(anchor) {
  clearTimeout(waiting);
  // A narrow screen has no room beside: there it is a sheet, which opens when it is asked for.
  if (narrow.matches && !isOpen()) return;
  waiting = setTimeout(() => load({ at: anchor }), PAUSE);
}

function isOpen() { return beside().hasAttribute("data-open"); }

// What is loaded takes the place of what is there, so that it is always about the current statement; words that were
// begun there are kept by drafts.js. One at a time, and of those that wait only the newest. Says whether what was asked
// for stands there now.
let loading = Promise.resolve();
let newest;
async function load(asked) {
  clearTimeout(waiting);
  newest = asked;
  loading = loading.then(() => (newest === asked ? fetchBeside(asked) : null), () => null);
  await loading;
  return newest === asked && (!asked.at || beside().dataset.at === asked.at);
}

async function fetchBeside(asked) {
  if (asked.at && beside().dataset.at === asked.at) return;
  const wasOpen = isOpen();
  await htmx.ajax("GET", list.dataset.beside, { source: list, target: "#beside", swap: SWAP, values: asked });
  if (wasOpen) openSheet();
}

async function show(asked, find) {
  if (!(await load(asked))) return;
  if (narrow.matches) {
    openSheet();
    current()?.scrollIntoView({ block: "start" });
  }
  const place = (find && beside().querySelector(find)) ?? beside();
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  place.scrollIntoView({ block: "nearest" });
  (place.matches("a, button, input, textarea, [tabindex]") ? place : place.querySelector("a, button") ?? place).focus({ preventScroll: true });
}

function openSheet() {
  beside().setAttribute("data-open", "");
  const close = beside().querySelector("[data-close]");
  if (close) close.hidden = false;
}

function closeSheet() {
  beside().removeAttribute("data-open");
  current()?.focus({ preventScroll: true });
}

// --- Verdicts -----------------------------------------------------------------------------------------------

let sending = Promise.resolve();
async function send(form, values, statement) {
  const pressed = document.activeElement?.value;
  const thread = form.closest(".thread")?.id;
  const isNew = form.closest(".thread-new") !== null;
  // Whoever types fast has several on their way: one after the other, so that none is dropped and the counts are right.
  const source = form.id === "verdicts" ? statement : form;
  sending = sending.then(post, post);
  await sending;
  function post() {
    const target = document.getElementById(statement.id) ?? statement;
    return htmx.ajax("POST", form.action, { source: source === statement ? target : source, target, swap: SWAP, values: { ...values, beside: beside().dataset.at } });
  }
  const row = document.getElementById(statement.id);
  if (!row || document.activeElement !== document.body) return;
  // What had the focus is gone: it goes to what came in its place.
  const talked = isNew ? document.querySelector("#threads > :last-of-type .thread") : thread && document.getElementById(thread);
  const buttons = [...document.querySelectorAll(`#${CSS.escape(row.id)} button, #beside button`)];
  (talked || buttons.find((button) => button.value && button.value === pressed) || row).focus();
}

function valuesOf(form, submitter) {
  const values = Object.fromEntries(new FormData(form));
  if (submitter?.name) values[submitter.name] = submitter.value;
  return values;
}

function verdict(support) {
  const statement = current();
  const form = document.getElementById("verdicts");
  if (!statement || !statement.querySelector(".st-acts")) return;
  send(form, { ...valuesOf(form), mark: `${support} ${statement.id}` }, statement);
}

// --- What people do -----------------------------------------------------------------------------------------

if (list) {
  document.documentElement.classList.add("has-workbench");

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) closeSheet();
    const link = event.target.closest("a.look, .st a.cite");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      const thread = link.dataset.thread;
      const at = anchorOf(link) ?? link.closest(".st")?.id;
      const statement = at && document.getElementById(at);
      event.preventDefault();
      if (link.closest(".beside-head")) { go(statement); return; }
      if (statement) makeCurrent(statement);
      const place = new URL(link.href).hash;
      show(statement ? { at } : { thread }, place.startsWith("#s-") ? null : place);
      return;
    }
    const statement = event.target.closest(".st[id]");
    if (statement && !event.target.closest("a, button") && getSelection().isCollapsed && makeCurrent(statement)) {
      statement.focus({ preventScroll: true });
      later(statement.id);
    }
  });

  list.addEventListener("focusin", (event) => {
    const statement = event.target.closest(".st[id]");
    if (statement && makeCurrent(statement)) later(statement.id);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    // Forms of htmx's own go their own way.
    if (form.id !== "verdicts" && !form.matches("#beside form:not([hx-post])")) return;
    const values = valuesOf(form, event.submitter);
    const anchor = values.statement ?? values.mark?.split(" ")[1] ?? beside().dataset.at;
    const statement = document.getElementById(anchor);
    // What stands beside may be about a statement that a filter hides: then the page is loaded anew.
    if (!statement?.matches(".st[id]")) return;
    event.preventDefault();
    makeCurrent(statement);
    send(form, values, statement);
    later(anchor);
  });

  document.addEventListener("shortcut", (event) => {
    const act = KEYS[event.detail];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("keydown", (event) => {
    const inBeside = isOpen() || beside().contains(document.activeElement);
    if (event.key === "Escape" && inBeside && !document.querySelector(":popover-open, dialog[open]")) closeSheet();
  });

  // A form that somebody has begun to fill in is not exchanged for an empty one.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.matches("[data-sheet]") && target.querySelector("form") && fragment.querySelector("form")) {
      event.detail.shouldSwap = false;
    }
  });
  // Something was said in a thread: its line below the statement says so too.
  document.addEventListener("talked", () => {
    const statement = document.getElementById(beside().dataset.at);
    if (statement) htmx.ajax("GET", list.dataset.row, { source: statement, target: statement, swap: SWAP, values: { at: statement.id } });
  });
  document.addEventListener("htmx:beforeRequest", () => document.getElementById("refused").replaceChildren());
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => {
      const said = document.getElementById("refused");
      if ([403, 409, 422].includes(event.detail.xhr?.status)) return;
      const note = document.createElement("p");
      note.className = "note note-stop";
      note.setAttribute("role", "alert");
      note.textContent = "The office did not answer, and nothing was changed. Try again in a moment.";
      said.replaceChildren(note);
    });
  }
  document.addEventListener("htmx:afterSwap", () => {
    const said = document.getElementById("refused");
    if (said.firstElementChild) said.scrollIntoView({ block: "center" });
  });

  // The page was opened at a statement, or at a thread of one.
  const place = location.hash.slice(1);
  const stub = place.startsWith("thread-") && list.querySelector(`[data-thread="${CSS.escape(place.slice(7))}"]`);
  const asked = stub ? stub.closest(".st") : place.startsWith("s-") ? document.getElementById(place) : current();
  if (asked?.matches(".st[id]")) {
    makeCurrent(asked);
    if (asked.id !== place) asked.scrollIntoView({ block: "center" });
    if (stub && !document.getElementById(place)) show({ at: asked.id }, `#${place}`);
    else if (!narrow.matches) load({ at: asked.id });
  }
  if (narrow.matches && beside().dataset.at) openSheet();
}

function move(step, which = ".st[id]") {
  const all = [...list.querySelectorAll(which)];
  const at = current();
  if (!at) return all[0];
  const following = Node.DOCUMENT_POSITION_FOLLOWING;
  const ahead = all.filter((each) => each !== at && Boolean(at.compareDocumentPosition(each) & following) === step > 0);
  return step > 0 ? ahead[0] : ahead.at(-1);
}

function filter() {
  const links = [...document.querySelectorAll(".st-choices a")];
  const mine = links.find((link) => link.href.includes("only=me"));
  const target = mine?.getAttribute("aria-current") ? links[0] : mine;
  if (target) location.href = `${target.href}#${current()?.id ?? ""}`;
}

const KEYS = {
  j: () => go(move(1)),
  k: () => go(move(-1)),
  ArrowRight: () => go(move(1)),
  ArrowLeft: () => go(move(-1)),
  "]": () => go(move(1, ".st-changed[id]")),
  "[": () => go(move(-1, ".st-changed[id]")),
  s: () => verdict("supported"),
  u: () => verdict("unclear"),
  n: () => verdict("not_supported"),
  f: filter,
  c: () => current() && show({ at: current().id }, "#thread-text"),
  r: () => current() && show({ at: current().id }, ".beside-references"),
};
