// Fetches htmx when somebody turns to the question under an article. Without it a button looks for answers.
const source = document.querySelector("meta[name='htmx-source']");
document.getElementById("ask-text")?.form.addEventListener("focusin", () => {
  const script = document.createElement("script");
  script.src = source.content;
  document.head.append(script);
}, { once: true });
