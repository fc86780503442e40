// Puts a button beside an address that copies it. Without it the address is there to be selected.
for (const place of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const input = place.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = "Copy";
  const said = document.createElement("span");
  said.className = "small soft";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Selected: copy it with your keyboard.";
    }
  });
  place.append(button, said);
}
