// "Explore the evidence": makes the page's table one to filter, and the book's choices the reader's.
// Data come from files beside the book; nothing is sent, and no statistics are made here.

import { known, read, write } from "./explore-address.mjs";
import { pause } from "./explore-draw.mjs";
import { effects } from "./explore-effects.mjs";
import { hold } from "./place.mjs";
import { prepare } from "./explore-rows.mjs";
import { rules } from "./explore-rules.mjs";

const FORMAT = 1;
const GONE = " The address asked for something the data no longer have; that was left out.";
const state = read(location.search), made = hold();
let width = innerWidth, waiting = 0;

function say() {
  history.replaceState(null, "", location.pathname + write(state) + location.hash);
}

// Fetch the data of one part and build it; where that fails, what stood there stays and says so.
async function start(id, build) {
  const root = document.getElementById(id), told = root.querySelector(".qof-explore-without");
  try {
    const answer = await fetch(new URL(`../${root.dataset.from}`, import.meta.url));
    if (!answer.ok) throw new Error(`${answer.status}`);
    const data = await answer.json();
    if (data.format !== FORMAT) throw new Error(`form ${data.format} of the data`);
    await pause();
    const built = await build(root, data);
    told.remove();
    root.classList.add("qof-ready");
    return built;
  } catch (fault) {
    root.classList.add("qof-failed");
    for (const one of root.querySelectorAll("noscript")) one.outerHTML = one.textContent;
    root.prepend(told);
    told.textContent = `The data could not be read (${fault.message}). Load the page again.`;
    return null;
  }
}

const parts = await Promise.all([
  start("qof-rules", async (root, data) => {
    const part = await rules(root, data, state, say);
    if (part.lost) root.querySelector(".qof-told").append(GONE);
    return part;
  }),
  start("qof-effects", async (root, data) => {
    const table = prepare(data), found = known(state, table);
    Object.assign(state, found.state);
    const part = await effects(root, table, state, say);
    if (found.lost) root.querySelector(".qof-count").append(GONE);
    return part;
  }),
]);

// Drawings are as wide as the page; they are made again when it changes, or did while they were made.
function fit() {
  if (innerWidth === width) return;
  width = innerWidth;
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => { parts[0]?.show(); parts[1]?.draw(); });
}
addEventListener("resize", fit);
fit();
made();
// Back at an earlier place in the page, the address of then says what was chosen then.
addEventListener("popstate", say);
