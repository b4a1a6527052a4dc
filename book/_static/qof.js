// The theme's buttons name the function they call: the page's policy allows no script in them.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-call]");
  if (button) window[button.dataset.call]?.(button);
});

// Copies a citation when its button is pressed, and says so to those who do not see it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest(".qof-copy");
  if (!button) return;
  const source = button.parentElement.querySelector("pre");
  let said = "Copied";
  try {
    // A prompt shows that it is a command, but is not part of it.
    await navigator.clipboard.writeText(source.textContent.replace(/^\$ /gm, ""));
  } catch {
    // Without permission, or on a page that is not served securely: mark the text instead.
    getSelection().selectAllChildren(source);
    said = "Marked: copy it now";
  }
  // Pressed again before the words are back: those of the first press are its own.
  const words = button.dataset.words ??= button.textContent;
  button.textContent = said;
  status().textContent = said;
  clearTimeout(button.dataset.turn);
  button.dataset.turn = setTimeout(() => { button.textContent = words; status().textContent = ""; }, 2000);
});

function status() {
  let line = document.getElementById("qof-status");
  if (!line) {
    line = Object.assign(document.createElement("p"), { id: "qof-status", className: "sr-only" });
    line.setAttribute("role", "status");
    document.querySelector("main").append(line);
  }
  return line;
}

// What is not on the screen is laid out and drawn part by part, while the browser has nothing else to
// do: until then, a screen reader finds nothing in it.
addEventListener("load", () => {
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 20));
  const parts = ".bd-article > section > section, .qof-figure svg";
  const undrawn = [...document.querySelectorAll(parts)];
  const draw = () => {
    undrawn.shift()?.classList.add("qof-seen");
    if (undrawn.length) idle(draw, { timeout: 200 });
  };
  idle(draw, { timeout: 200 });
});
