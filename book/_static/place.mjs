// Pages that a script makes: a reader who loads one again, comes back to it or is led to a place in it
// is held there while it grows. A browser gives up too early, or stays where the place had been.

const OWN_MOVES = ["wheel", "touchstart", "pointerdown", "keydown", "resize"];
const key = () => `place ${location.href}`;

// Hold the reader until she moves herself, or what is returned is called: all is made then.
export function hold() {
  const led = document.documentElement.dataset.came === "navigate", kept = led ? null : sessionStorage.getItem(key());
  let held = true;
  const go = () => {
    if (!held) return;
    if (kept !== null) scrollTo({ top: kept, behavior: "instant" });
    // Asked each time: the browser looks up the place only once the page is read.
    else document.querySelector(":target")?.scrollIntoView({ behavior: "instant" });
  };
  const watch = new ResizeObserver(go), free = () => { held = false; watch.disconnect(); };
  watch.observe(document.querySelector("main"));
  for (const kind of OWN_MOVES) addEventListener(kind, free, { once: true, passive: true });
  addEventListener("pagehide", () => sessionStorage.setItem(key(), held && kept !== null ? kept : scrollY));
  return () => { go(); requestAnimationFrame(() => { go(); free(); }); };
}
