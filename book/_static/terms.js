// Terms of the glossary: Escape hides a meaning, and a first tap shows it before a second one leads.
const shown = () => document.querySelectorAll(".qof-term.qof-shown");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll(".qof-term:is(:hover, :focus-within, .qof-shown)").forEach((term) => {
    term.classList.remove("qof-shown");
    term.classList.add("qof-hidden");
  });
});

["mouseover", "focusin"].forEach((kind) => document.addEventListener(kind, (event) => {
  const term = event.target.closest?.(".qof-term");
  document.querySelectorAll(".qof-term.qof-hidden").forEach((one) => {
    if (one !== term || kind === "focusin") one.classList.remove("qof-hidden");
  });
}));

document.addEventListener("click", (event) => {
  const term = event.target.closest(".qof-term");
  shown().forEach((one) => { if (one !== term) one.classList.remove("qof-shown"); });
  // A mouse shows the meaning by pointing; a finger has only this.
  if (!term || event.pointerType !== "touch" || !event.target.closest("a")) return;
  if (!term.classList.contains("qof-shown")) event.preventDefault();
  term.classList.add("qof-shown");
});
