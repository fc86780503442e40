// Our part of the rich text editor: its toolbar in words, citations, captions, figures, and manners under a strict
// content security policy. The names exported here are those of DJANGO_PROSE_EDITOR_EXTENSIONS.
import {
  Extension, Link as BaseLink, Node, Table as BaseTable, crel, updateAttrsDialog,
} from "django-prose-editor/editor";
import { chooseReferences } from "netreview/cite";
import { chooseFigure } from "netreview/figure";

// The schema of the editor has no place for a caption inside a table, and knows no head. So a caption travels as a
// paragraph before its table, and both are put back on the way out: nothing an author wrote is lost by opening it.
function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

function liftCaptions(html) {
  const body = parsed(html);
  for (const caption of body.querySelectorAll("table > caption")) {
    const paragraph = body.ownerDocument.createElement("p");
    paragraph.dataset.caption = "";
    paragraph.append(...caption.childNodes);
    caption.parentElement.before(paragraph);
    caption.remove();
  }
  // A figure that is copied from a page brings the number that it had there.
  for (const number of body.querySelectorAll(".figure-number")) number.remove();
  return body.innerHTML;
}

function settle(html) {
  const body = parsed(html);
  for (const table of body.querySelectorAll("table")) {
    const rows = [...table.querySelectorAll("tr")];
    const first = rows.findIndex((row) => row.querySelector("td"));
    const heads = first < 0 ? rows : rows.slice(0, first);
    if (heads.length && heads.length < rows.length) table.createTHead().append(...heads);
  }
  for (const paragraph of body.querySelectorAll("p[data-caption]")) {
    const table = paragraph.nextElementSibling;
    if (table?.matches("table") && !table.caption && paragraph.childNodes.length) {
      table.createCaption().append(...paragraph.childNodes);
      paragraph.remove();
    } else paragraph.removeAttribute("data-caption");
  }
  return body.innerHTML;
}

const button = (words, label, className = "") =>
  crel("button", { type: "button", className: `prose-menubar__button ${className}`, textContent: words, title: label, "aria-label": label });

// A chain of commands on the text, with the cursor in it from this moment on: the library's own focus() waits for the
// next frame, and what a quick author types before then would land somewhere else.
function within(editor) {
  editor.view.focus();
  return editor.chain();
}

// The editor hears of a moved cursor a moment after the browser moved it: a command that asks where the cursor is must
// not be told where it was.
function upToDate(editor) {
  editor.view.domObserver.flush();
  return editor;
}

// A figure is no paragraph with something more: as a heading or a list it would be without its image.
const inFigure = (editor) => editor.isActive("articleFigure");
const block = (label, words, name, attrs, run) => ({ label, words, active: (e) => e.isActive(name, attrs), enabled: (e) => !inFigure(e), run });
const mark = (...definition) => ({ ...block(...definition), enabled: undefined });

const TOOLS = {
  block: {
    paragraph: block("Paragraph", "Text", "paragraph", {}, (c) => c.setParagraph()),
    section: block("Section heading", "Section", "heading", { level: 2 }, (c) => c.toggleHeading({ level: 2 })),
    subsection: block("Sub-section heading", "Sub-section", "heading", { level: 3 }, (c) => c.toggleHeading({ level: 3 })),
    bullets: block("List with bullets", "• List", "bulletList", {}, (c) => c.toggleBulletList()),
    numbers: block("Numbered list", "1. List", "orderedList", {}, (c) => c.toggleOrderedList()),
    quote: block("Quotation", "“ ”", "blockquote", {}, (c) => c.toggleBlockquote()),
  },
  mark: {
    bold: { ...mark("Bold", "B", "bold", {}, (c) => c.toggleBold()), look: "is-bold" },
    italic: { ...mark("Italic", "I", "italic", {}, (c) => c.toggleItalic()), look: "is-italic" },
    subscript: mark("Subscript", "x₂", "subscript", {}, (c) => c.toggleSubscript()),
    superscript: mark("Superscript", "x²", "superscript", {}, (c) => c.toggleSuperscript()),
  },
  history: {
    undo: { label: "Undo", words: "↶", run: (c) => c.undo(), enabled: (e) => e.can().undo() },
    redo: { label: "Redo", words: "↷", run: (c) => c.redo(), enabled: (e) => e.can().redo() },
  },
};

const inTable = (editor) => editor.isActive("table");
const TABLE_TOOLS = {
  addRowAfter: "Add row", addColumnAfter: "Add column", deleteRow: "Delete row", deleteColumn: "Delete column",
  toggleHeaderRow: "Header row", deleteTable: "Delete table",
};

function define(menu, group, name, { label, words, run, command, look, active, enabled, hidden }) {
  const element = button(words, label, look);
  if (active) element.setAttribute("aria-pressed", "false");
  menu.defineItem({
    name, groups: group, button: element,
    command: command ?? ((editor) => run(within(editor)).run()),
    enabled: enabled ?? (() => true), active: active ?? (() => false), hidden: hidden ?? (() => false),
    update(editor) {
      if (active) element.setAttribute("aria-pressed", String(Boolean(active(editor))));
      element.setAttribute("aria-disabled", String(enabled ? !enabled(editor) : false));
    },
  });
}

// Where the cursor goes when a link leads into the text: the block that begins with the words the server names.
function placeOf(editor, id, { placeField, placeWords } = document.getElementById("manuscript")?.dataset ?? {}) {
  let found = null;
  if (placeField === id) {
    editor.state.doc.descendants((node, position) => {
      if (found !== null) return false;
      if (node.isTextblock && node.textContent.replace(/\s+/g, " ").trim().startsWith(placeWords)) found = position + node.nodeSize - 1;
      return true;
    });
  }
  return found;
}

export const House = Extension.create({
  name: "house",

  onBeforeCreate() {
    const { options } = this.editor;
    // A <style> written by script is what the policy forbids; editor.css says the same.
    options.injectCSS = false;
    options.content = liftCaptions(options.content);
    const field = options.element.querySelector("textarea");
    const label = document.querySelector(`label[for="${field.id}"]`);
    const attributes = { "aria-label": label?.firstChild.textContent.trim() ?? field.name, "aria-multiline": "true", role: "textbox",
      "aria-description": "Control, Shift and E cites a reference. Escape leaves the text." };
    if (field.getAttribute("aria-describedby")) attributes["aria-describedby"] = field.getAttribute("aria-describedby");
    if (field.getAttribute("aria-invalid")) attributes["aria-invalid"] = "true";
    options.editorProps = { ...options.editorProps, attributes, transformPastedHTML: liftCaptions };
    label?.addEventListener("click", () => this.editor.view.focus());
    const getHTML = this.editor.getHTML.bind(this.editor);
    this.editor.getHTML = () => settle(getHTML());
  },

  onCreate() {
    // Links to the field ("Clinical text: too long") lead to what is seen, not to the textarea behind it.
    const field = this.editor.options.element.querySelector("textarea");
    const { id } = field;
    field.id = `${id}-source`;
    this.editor.view.dom.id = id;
    const bar = this.editor.options.element.querySelector(".prose-menubar");
    bar?.setAttribute("role", "toolbar");
    bar?.setAttribute("aria-label", `Formatting: ${this.editor.view.dom.getAttribute("aria-label")}`);
    // The page grew while the editors came to be: what the link led to may have moved away.
    if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
    if (location.hash === `#${id}`) this.editor.commands.focus(placeOf(this.editor, id));
    // What the board asks stands beside the text, and leads into it without loading the page anew.
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-place-field]");
      if (link?.dataset.placeField !== id || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.editor.chain().focus(placeOf(this.editor, id, link.dataset)).scrollIntoView().run();
    });
  },

  // Tab moves between the cells of a table, and in the last one makes a row: there must be another way out.
  addKeyboardShortcuts() { return { Escape: ({ editor }) => editor.commands.blur() }; },

  addMenuItems({ menu }) {
    for (const [group, tools] of Object.entries(TOOLS)) {
      for (const [name, tool] of Object.entries(tools)) define(menu, group, name, tool);
    }
  },
});

export const Cite = Node.create({
  name: "cite",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes() {
    return { keys: { default: "", parseHTML: (el) => el.dataset.ref ?? "", renderHTML: ({ keys }) => ({ "data-ref": keys }) } };
  },
  parseHTML() { return [{ tag: "cite[data-ref]" }]; },
  renderHTML({ HTMLAttributes }) { return ["cite", HTMLAttributes]; },

  addCommands() {
    return {
      cite: () => ({ editor }) => {
        // Remembered: when a dialog closes, the browser may put the cursor somewhere else.
        const { node, from, to } = editor.state.selection;
        const current = node?.type === this.type ? node.attrs.keys.split(" ") : [];
        chooseReferences(current, (keys) => {
          const chain = within(editor);
          // At the end of the selection: a citation follows the words it supports, it does not replace them.
          if (current.length) chain.setNodeSelection(from);
          else chain.setTextSelection(to);
          if (keys?.length) chain.insertContent({ type: this.name, attrs: { keys: keys.join(" ") } });
          else if (keys && current.length) chain.deleteSelection();
          chain.run();
        });
        return true;
      },
    };
  },
  addKeyboardShortcuts() { return { "Mod-Shift-e": ({ editor }) => upToDate(editor).commands.cite() }; },
  addMenuItems({ menu }) {
    define(menu, "insert", "cite", {
      label: "Cite a reference (Ctrl Shift E)", words: "Cite", look: "is-cite",
      command: (editor) => upToDate(editor).commands.cite(), active: (editor) => editor.isActive("cite"),
    });
  },
});

// Where the office shows the images of this article; the text itself knows their names only.
const imageAt = (name) => {
  const { imageAddress } = document.getElementById("manuscript")?.dataset ?? {};
  const size = /-(\d+)x(\d+)$/.exec(name);
  return imageAddress && size ? { src: imageAddress.replace("NAME", name), width: size[1], height: size[2] } : {};
};
const nameOf = (img) => img.dataset.image ?? /\/figures\/([0-9a-f]{32}-\d+x\d+)\.webp$/.exec(img.getAttribute("src") ?? "")?.[1];

export const ArticleFigure = Node.create({
  name: "articleFigure",
  group: "block",
  content: "inline*",
  defining: true,
  isolating: true,
  addAttributes() { return { image: { default: "" }, alt: { default: "" } }; },
  parseHTML() {
    return [{
      tag: "figure", priority: 60,
      getAttrs(figure) {
        const img = figure.querySelector("img");
        const image = img && nameOf(img);
        return image ? { image, alt: img.getAttribute("alt") ?? "" } : false;
      },
    }];
  },
  renderHTML({ node: { attrs: { image, alt } } }) {
    return ["figure", ["img", { "data-image": image, alt, ...imageAt(image), contenteditable: "false", draggable: "false" }], ["figcaption", 0]];
  },

  addCommands() {
    return {
      figure: () => ({ editor }) => {
        const { $from, to } = editor.state.selection;
        const current = $from.parent.type === this.type ? $from.parent.attrs : null;
        // Never inside of a list, a quotation or a table: after whatever stands there.
        const after = $from.depth ? $from.after(1) : to;
        const isEmpty = $from.depth === 1 && $from.parent.type.name === "paragraph" && !$from.parent.content.size;
        chooseFigure(current, (found) => {
          const chain = within(editor);
          if (!found) chain.setTextSelection(to).run();
          else if (current) chain.setTextSelection($from.pos).updateAttributes(this.name, { image: found.image, alt: found.alt }).run();
          else {
            const at = isEmpty ? { from: after - 2, to: after } : after;
            const content = found.credit ? [{ type: "text", text: ` ${found.credit}` }] : [];
            chain.insertContentAt(at, { type: this.name, attrs: { image: found.image, alt: found.alt }, content })
              .setTextSelection((isEmpty ? after - 2 : after) + 1).scrollIntoView().run();
          }
        });
        return true;
      },
    };
  },
  addKeyboardShortcuts() {
    const inside = ({ selection: { $from } }) => $from.parent.type === this.type;
    return {
      "Mod-Shift-f": ({ editor }) => upToDate(editor).commands.figure(),
      // One figure has one image: Enter leaves the caption instead of dividing it.
      Enter: ({ editor }) => {
        if (!inside(upToDate(editor).state)) return false;
        const after = editor.state.selection.$from.after();
        return editor.chain().insertContentAt(after, { type: "paragraph" }).setTextSelection(after + 1).run();
      },
      // Before the first word it takes the whole figure in hand; once more deletes it.
      Backspace: ({ editor }) => {
        const { empty, $from } = upToDate(editor).state.selection;
        if (!inside(editor.state) || !empty || $from.parentOffset) return false;
        return editor.commands.setNodeSelection($from.before());
      },
    };
  },
  addMenuItems({ menu }) {
    define(menu, "insert", "figure", {
      label: "Figure: an image with a caption (Ctrl Shift F)", words: "Figure",
      command: (editor) => upToDate(editor).commands.figure(), active: (editor) => editor.isActive(this.name),
      enabled: (editor) => !inTable(editor),
    });
  },
});

export const TableCaption = Node.create({
  name: "tableCaption",
  group: "block",
  content: "inline*",
  defining: true,
  parseHTML() { return [{ tag: "p[data-caption]", priority: 60 }]; },
  renderHTML() { return ["p", { "data-caption": "" }, 0]; },
});

export const Table = BaseTable.extend({
  addMenuItems({ menu }) {
    define(menu, "insert", "table", {
      label: "Insert a table", words: "Table",
      run: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), enabled: (editor) => !inTable(editor),
    });
    for (const [name, words] of Object.entries(TABLE_TOOLS)) {
      define(menu, "table", name, { label: words, words, run: (chain) => chain[name](), hidden: (editor) => !inTable(editor) });
    }
    define(menu, "table", "caption", {
      label: "Caption", words: "Caption", hidden: (editor) => !inTable(editor),
      command(editor) {
        const { $from } = editor.state.selection;
        let depth = $from.depth;
        while (depth && $from.node(depth).type.name !== "table") depth -= 1;
        const start = $from.before(depth);
        const before = editor.state.doc.resolve(start).nodeBefore;
        if (before?.type.name === "tableCaption") within(editor).setTextSelection(start - 1).run();
        else within(editor).insertContentAt(start, { type: "tableCaption" }).setTextSelection(start + 1).run();
      },
    });
  },
});

const askForAddress = updateAttrsDialog(
  { href: { type: "string", title: "Web address", description: "https://…" } },
  { title: "Link", submitText: "Set the link" },
);

export const Link = BaseLink.extend({
  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        if (editor.state.selection.empty && !editor.isActive("link")) return false;
        const { from, to } = editor.state.selection;
        askForAddress(editor, editor.getAttributes("link")).then((found) => {
          const chain = within(editor).setTextSelection({ from, to });
          if (found?.href.trim()) chain.extendMarkRange("link").setLink({ href: found.href.trim() });
          else if (found) chain.extendMarkRange("link").unsetLink();
          chain.run();
        });
        return true;
      },
    };
  },
  addMenuItems({ menu }) {
    define(menu, "insert", "link", {
      label: "Link (select words first)", words: "Link",
      command: (editor) => upToDate(editor).commands.addLink(), active: (editor) => editor.isActive("link"),
      enabled: (editor) => !editor.state.selection.empty || editor.isActive("link"),
    });
    define(menu, "insert", "unlink", {
      label: "Remove the link", words: "Unlink", run: (chain) => chain.unsetLink(), hidden: (editor) => !editor.isActive("link"),
    });
  },
});
