// What the theme leaves to a library of eighty kilobytes: its menu and the place in the page. And a
// button to copy each block of code, which `qof.js` answers.
document.addEventListener("DOMContentLoaded", () => {
  menus();
  drawers();
  place();
  document.querySelectorAll("div.highlight > pre").forEach((code) => {
    code.insertAdjacentHTML("afterend", '<button type="button" class="qof-copy">Copy</button>');
  });
});

// A menu opens on a press; Escape or a press elsewhere closes it.
function menus() {
  const buttons = [...document.querySelectorAll('[data-bs-toggle="dropdown"]')];
  const opened = (button) => button.getAttribute("aria-expanded") === "true";
  const open = (button, yes) => {
    button.setAttribute("aria-expanded", yes);
    button.nextElementSibling.classList.toggle("show", yes);
  };
  document.addEventListener("click", ({ target }) => buttons.forEach((button) => {
    open(button, button.contains(target) && !opened(button));
  }));
  document.addEventListener("keydown", ({ key }) => buttons.forEach((button) => {
    if (key !== "Escape" || !opened(button)) return;
    if (button.parentElement.contains(document.activeElement)) button.focus();
    open(button, false);
  }));
}

// A drawer closes when it has led to a place in the page, when the screen turns, and before the page
// is kept for a reader's return; the theme leaves it over what she came for.
function drawers() {
  const shut = () => document.querySelectorAll("dialog[id$='-sidebar-modal'][open]").forEach((one) => one.close());
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) shut();
    width = innerWidth;
  });
  addEventListener("pagehide", shut);
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("dialog a[href*='#']");
    if (link && link.pathname === location.pathname) shut();
  });
}

// A script that does not come, on a broken line or from a file on disk, leaves its part unmade.
addEventListener("error", ({ target, filename }) => {
  const from = target.src || filename || "", told = location.protocol === "file:"
    ? "Opened from a disk, this page cannot load its script. It can from a server, such as “python -m http.server”."
    : "A script of this page could not be loaded. Load the page again.";
  if (from.endsWith("searchindex.js")) document.getElementById("search-results").textContent = told;
  if (!from.endsWith(".mjs")) return;
  document.querySelectorAll(".qof-explore:not(.qof-ready, .qof-failed)").forEach((part) => {
    part.classList.add("qof-failed");
    part.querySelectorAll("noscript").forEach((one) => { one.outerHTML = one.textContent; });
    part.querySelector(".qof-explore-without")?.append(` ${told}`);
  });
}, true);

// The last heading above the middle of the screen is marked in the contents, with those over it.
function place() {
  const links = new Map();
  document.querySelectorAll(".page-toc a[href^='#']").forEach((link) => {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  });
  const seen = new Set();
  const watch = new IntersectionObserver((changes) => {
    changes.forEach(({ target, isIntersecting }) => {
      if (isIntersecting) seen.add(target); else seen.delete(target);
    });
    const here = [...links.keys()].filter((section) => seen.has(section)).at(-1);
    links.forEach((link, section) => {
      const active = Boolean(here) && section.contains(here);
      [link, link.parentElement].forEach((one) => one.classList.toggle("active", active));
    });
  }, { rootMargin: "0px 0px -60%" });
  links.forEach((_, section) => watch.observe(section));
}
