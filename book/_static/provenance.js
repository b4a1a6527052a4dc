// Where a number or a citation comes from: shown on pointing at it, on focus, and on a first tap.
// Each is a link that leads there without this script. What is shown comes from the book itself:
// `shown/findings.json`, or one small file a source (analysis/publish/site/shown_from.py).
(() => {
  const LINKS = 'main :is(.qof-from, .bibtex-citation a, a[href*="findings/"], a[href*="trails"][href*="#"])';
  const root = new URL(document.documentElement.dataset.content_root || "./", location);
  const asked = new Map();
  const box = Object.assign(document.createElement("div"), { id: "qof-shown" });
  box.setAttribute("role", "tooltip");
  let link = null, leaving = 0;

  function ask(file) {
    const answer = () => fetch(new URL(`shown/${file}.json`, root)).then((r) => (r.ok ? r.json() : {}))
      // What did not come is asked for again the next time.
      .catch(() => { asked.delete(file); return {}; });
    if (!asked.has(file)) asked.set(file, answer());
    return asked.get(file);
  }

  async function told(of) {
    // The theme would show a title a second time, and to a pointer alone.
    if (of.title) { of.dataset.told = of.title; of.removeAttribute("title"); }
    if (of.dataset.told) return [of.dataset.told];
    const address = new URL(of.getAttribute("href"), location), row = decodeURIComponent(address.hash.slice(1));
    const finding = address.pathname.match(/findings\/([^/]+)\.html$/);
    if (address.origin !== location.origin || row.startsWith("trail-")) return;
    if (finding) return (await ask("findings"))[finding[1]];
    return row && (await ask(row.slice(0, Math.max(row.lastIndexOf("-"), 0)) || "facts"))[row];
  }

  async function show(of, pressed) {
    clearTimeout(leaving);
    if (of === link) return;
    hide();
    link = of;
    const lines = await told(of);
    if (link !== of) return;
    if (!lines) return pressed ? location.assign(of.getAttribute("href")) : hide();
    box.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    document.querySelector("main").append(box);
    of.setAttribute("aria-describedby", box.id);
    place(of.getBoundingClientRect());
  }

  function place(at) {
    const within = box.offsetParent.getBoundingClientRect(), room = document.documentElement.clientWidth - 8;
    const left = Math.max(8, Math.min(at.left, room - box.offsetWidth));
    const above = at.bottom + box.offsetHeight > innerHeight && at.top > box.offsetHeight;
    box.style.left = `${left - within.left}px`;
    box.style.top = `${(above ? at.top - box.offsetHeight : at.bottom) - within.top}px`;
  }

  function hide() {
    link?.removeAttribute("aria-describedby");
    link = null;
    box.remove();
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const over = event.target.closest(LINKS);
    if (over) return show(over);
    clearTimeout(leaving);
    // Time to reach what is shown, which stays while the pointer is on it.
    if (link && !box.contains(event.target)) leaving = setTimeout(hide, 250);
  });
  addEventListener("resize", () => { if (box.isConnected) place(link.getBoundingClientRect()); });
  // A page the browser keeps for a return comes back without it, and a tap shows before it leads.
  addEventListener("pagehide", hide);
  document.addEventListener("focusin", (event) => {
    const on = event.target.closest(LINKS);
    if (on?.matches(":focus-visible")) show(on);
    else if (!on) hide();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("click", (event) => {
    const on = event.target.closest(LINKS);
    if (!on && !box.contains(event.target)) return hide();
    // A mouse shows by pointing; a finger has only this, and a second tap leads there.
    if (!on || on === link || event.pointerType !== "touch") return;
    event.preventDefault();
    show(on, true);
  });
})();
