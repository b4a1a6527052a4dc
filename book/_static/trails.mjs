// Where the trails stand on several pages, `trails.html#ROW` is still each row's address: lead on
// from it. Only there is this script named (analysis/publish/site/trails_parts.py).
function onward() {
  const row = decoded(location.hash.slice(1)), items = [...document.querySelectorAll("main li[id^=trail-]")];
  const names = [row, `trail-${row.slice(0, Math.max(row.lastIndexOf("-"), 0))}`];
  const item = items.find((li) => names.includes(li.id)) ?? items.find((li) => li.dataset.rows?.split(" ").includes(row));
  if (row && item) location.replace(new URL(`${item.querySelector("a").getAttribute("href").split("#")[0]}#${row}`, location));
}
// An address cut off in the middle of a sign is no place, and no fault.
function decoded(text) {
  try { return decodeURIComponent(text); } catch { return ""; }
}
addEventListener("hashchange", onward);
onward();
