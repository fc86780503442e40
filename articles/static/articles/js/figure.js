// The dialog in which an author picks an image of the article for a figure, gives it its words, or adds an image.
import { crel } from "django-prose-editor/editor";

const { images: listAddress, addImage, figuresPage } = document.getElementById("manuscript")?.dataset ?? {};

const field = (id, words, input) => crel("div", { className: "field" }, [crel("label", { htmlFor: id, textContent: words }), input]);

async function images() {
  const response = await fetch(listAddress, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(response.statusText);
  return (await response.json()).images;
}

function choice({ name, alt, src, width, height }, chosen) {
  const radio = crel("input", { type: "radio", name: "figure-image", value: name, checked: chosen });
  const thumb = crel("img", { src, width, height, alt: "" });
  return crel("label", {}, [radio, thumb, crel("span", { textContent: alt })]);
}

// Sends the form of the page of figures, and gives back what that page says is wrong with it, or "".
async function send(form) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", document.querySelector('#manuscript [name="csrfmiddlewaretoken"]').value);
  for (const name of ["file", "alt", "credit"]) {
    const input = form.querySelector(`#figure-new-${name}`);
    data.set(name, input.type === "file" ? input.files[0] ?? "" : input.value);
  }
  const response = await fetch(addImage, { method: "POST", body: data });
  if (response.ok) return "";
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const said = [...page.querySelectorAll("ul.wrong li, #refusal li, #refusal p:not(.note-title)")];
  return said.map((each) => each.textContent.trim()).join(" ") || "The image could not be added. Try it on the page Figures.";
}

// Calls `done` with {image, alt, credit, src, width, height}, or with null when the author thinks better of it.
export function chooseFigure(current, done) {
  const status = crel("p", { className: "soft", role: "status" });
  const list = crel("div", { className: "cite-list figure-list", role: "radiogroup", "aria-label": "Images of this article" });
  const alt = crel("textarea", { id: "figure-alt", rows: 3, maxLength: 1000, value: current?.alt ?? "" });
  const accept = crel("button", { type: "submit", className: "btn btn-main", textContent: current ? "Change the figure" : "Insert the figure" });
  const cancel = crel("button", { type: "button", className: "btn btn-quiet", textContent: "Cancel" });
  const words = field("figure-alt", "Alternative text: what it says to those who cannot see it", alt);
  const addButton = crel("button", { type: "button", className: "btn", textContent: "Add this image" });
  const adding = crel("details", { className: "figure-add" }, [
    crel("summary", { textContent: "Add an image" }),
    crel("p", { className: "soft", textContent: "PNG, JPEG or WebP, at most 8 MB. It must not show who a patient is." }),
    field("figure-new-file", "Image", crel("input", { id: "figure-new-file", type: "file", accept: "image/png,image/jpeg,image/webp" })),
    field("figure-new-alt", "What it shows, in words", crel("textarea", { id: "figure-new-alt", rows: 2, maxLength: 1000 })),
    field("figure-new-credit", "Credit: who made it, under what terms", crel("input", { id: "figure-new-credit", maxLength: 300 })),
    addButton,
  ]);
  const unsaved = crel("p", { textContent: "Save the article first: images are kept with it. Then choose Figure again." });
  const form = crel("form", { method: "dialog" }, [
    crel("h2", { id: "figure-title", textContent: "Figure" }),
    ...(listAddress ? [status, list, words, adding, crel("div", { className: "actions" }, [accept, cancel])] : [unsaved, crel("div", { className: "actions" }, [cancel])]),
  ]);
  const dialog = crel("dialog", { className: "cite-dialog figure-dialog", "aria-labelledby": "figure-title" }, [form]);
  let known = [];
  const picked = () => list.querySelector("input:checked")?.value;

  async function show(pick) {
    status.textContent = "Looking for the images of this article…";
    try {
      known = await images();
      status.textContent = known.length ? "" : "This article has no images yet. Add one below.";
    } catch {
      status.replaceChildren("The images could not be read. ", crel("a", { href: figuresPage, target: "_blank", textContent: "Open the page Figures" }), ".");
    }
    list.replaceChildren(...known.map((each) => choice(each, each.name === pick)));
    list.hidden = words.hidden = accept.hidden = !known.length;
    adding.open = !known.length;
    const first = list.querySelector("input:checked") ?? list.querySelector("input") ?? adding.querySelector("input");
    if (dialog.open) first?.focus();
  }

  // The words that came with an image stand until the author writes others.
  let offered = current?.alt ?? "";
  list.addEventListener("change", (event) => {
    event.stopPropagation();
    const image = known.find((each) => each.name === picked());
    if (image && alt.value.trim() === offered.trim()) alt.value = offered = image.alt;
    accept.removeAttribute("aria-describedby");
  });
  addButton.addEventListener("click", async () => {
    addButton.disabled = true;
    status.textContent = "Adding the image…";
    const before = new Set(known.map((each) => each.name));
    const wrong = await send(form).catch(() => "The image could not be sent. Try again.");
    addButton.disabled = false;
    if (wrong) {
      status.textContent = wrong;
      return;
    }
    await show();
    const added = known.find((each) => !before.has(each.name));
    const radio = added && list.querySelector(`input[value="${added.name}"]`);
    if (radio) {
      radio.click();
      radio.focus();
    }
    for (const input of adding.querySelectorAll("input, textarea")) input.value = "";
    adding.open = false;
    status.textContent = "The image is added.";
  });
  // What is typed here is no part of the manuscript.
  dialog.addEventListener("input", (event) => event.stopPropagation());

  const finish = (chosen) => {
    dialog.close();
    dialog.remove();
    done(chosen);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const image = known.find((each) => each.name === picked());
    if (!image) status.textContent = "Choose an image first.";
    else if (!alt.value.trim()) {
      status.textContent = "Write the alternative text: without it, some readers learn nothing from the figure.";
      alt.focus();
    } else finish({ ...image, image: image.name, alt: alt.value.replace(/\s+/g, " ").trim() });
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    finish(null);
  });
  cancel.addEventListener("click", () => finish(null));
  document.body.append(dialog);
  dialog.showModal();
  if (listAddress) show(current?.image);
}
