// A reader's own choices: one question, its choices, and what Python found under them.

import { arises, changed, lookUp, settle } from "./explore-lookup.mjs";
import { decimals, escaped, interval, number, pause } from "./explore-draw.mjs";
import { strip } from "./explore-curve.mjs";

// Build the part; `state` has `question` and `rules`, `say` is called after each change.
export async function rules(root, data, state, say) {
  const asked = data.findings.find((one) => one.id === state.question);
  let finding = asked ?? data.findings[0];
  const lost = state.question && !asked || Object.entries(state.rules).some(([name, code]) => !offers(finding, name, code));
  if (!asked) state.question = "";
  root.innerHTML = frame(data);
  const [select, fields, back, told, more] = ["select", ".qof-choices", "button", ".qof-told", ".qof-more"].map((one) => root.querySelector(one));

  function choices() {
    fields.innerHTML = finding.choices.filter((one) => one.options.length > 1).map(field).join("");
    select.value = finding.id;
  }
  function show() {
    const found = lookUp(finding, state.rules);
    for (const one of fields.querySelectorAll("select")) fit(one, finding, found.chosen);
    const differs = changed(finding, found.chosen);
    back.disabled = !differs.length;
    told.innerHTML = result(finding, found, differs);
    more.innerHTML = details(finding, found, Math.max(280, more.clientWidth));
  }
  select.addEventListener("change", () => {
    finding = data.findings.find((one) => one.id === select.value);
    Object.assign(state, { question: finding.id, rules: {} });
    choices(); show(); say();
  });
  fields.addEventListener("change", ({ target }) => {
    state.question = finding.id;
    state.rules = kept(finding, { ...state.rules, [target.name]: target.value });
    show(); say();
  });
  back.addEventListener("click", () => { state.rules = {}; show(); say(); select.focus(); });
  state.rules = kept(finding, state.rules);
  choices();
  await pause();
  show();
  return { show, lost };
}

function offers(finding, asked, wanted) {
  return finding.choices.some(({ name, options }) => name === asked && options.some(([code]) => code === wanted));
}

// Only what arises and differs from the usual is kept, so that addresses stay short.
function kept(finding, wanted) {
  const chosen = settle(finding, wanted), usual = settle(finding);
  return Object.fromEntries(Object.entries(chosen).filter(([name, code]) => code && (code !== usual[name] || wanted[name] === code && !usual[name])));
}

function frame({ findings }) {
  const list = (name, some) => `<optgroup label="${name}">${some.map((one) =>
    `<option value="${one.id}">${escaped(one.title)}</option>`).join("")}</optgroup>`;
  const mean = findings.filter((one) => one.results.length), listed = findings.filter((one) => !one.results.length);
  return `<div class="qof-tools"><label class="qof-field qof-question-field">Question <select>${list("Averaged", mean)}${list("Listed, not averaged", listed)}</select></label>`
    + '<button type="button" class="qof-button">Back to the book’s own choices</button></div>'
    + '<div class="qof-choices"></div><div class="qof-told" role="status" aria-live="polite"></div><div class="qof-more"></div>';
}

function field({ name, label, options }) {
  const list = options.map(([code, text]) => `<option value="${escaped(code)}">${escaped(text)}</option>`).join("");
  return `<label class="qof-field">${escaped(label)} <select name="${escaped(name)}">${list}</select><small></small></label>`;
}

function fit(select, finding, chosen) {
  const choice = finding.choices.find((one) => one.name === select.name), asked = arises(choice, chosen);
  const usual = settle(finding)[choice.name], differs = asked && usual && chosen[choice.name] !== usual;
  select.disabled = !asked;
  select.value = chosen[choice.name] || choice.usual;
  select.nextElementSibling.textContent = asked ? (differs ? "changed" : "") : "does not arise here";
}

const rows = (n, one, many) => `${number(n)} ${n === 1 ? one : many}`;
const from = (counts) => `${rows(counts.k, "row", "rows")} with an interval, from ${rows(counts.studies, "study", "studies")} and ${rows(counts.samples, "sample", "samples")}`;

// The few sentences that are read out when a choice changes.
function result(finding, { result: found, reason, counts, rank, of, curve }, differs) {
  const made = differs.map(([label, option]) => `${label}: ${option}`).join(" · ") || "The book’s own choices";
  const head = `<p class="qof-made">${escaped(made)}</p>`;
  if (!curve) return head + listed(finding, counts);
  if (!found) return `${head}<p class="qof-number">Not estimable</p><p>${escaped(reason[0].toUpperCase() + reason.slice(1))}. What is left: ${from(counts)}.</p>`;
  const { digits, unit } = finding, ends = interval(found.ci_low, found.ci_high, digits);
  return `${head}<p class="qof-number">${number(found.estimate, digits)} <span>${escaped(unit)} (95% CI ${ends})</span></p>`
    + `<p>Lies at rank ${number(rank)} of ${number(of)} distinct analyses, from the lowest.</p>`;
}

function listed(finding, counts) {
  const holds = { 1: "The claim holds for these rows.", 0: "The claim does not hold for these rows.", null: "The claim cannot be asked of these rows." }[counts.holds];
  return `<p class="qof-number">${rows(counts.listed, "row", "rows")} left</p><p>${from(counts)}. `
    + `${rows(counts.below, "interval lies", "intervals lie")} wholly below no difference, ${number(counts.above)} wholly above. ${holds}</p>`
    + `<p><strong>Claim:</strong> ${escaped(finding.claim.replace(/\.?$/, "."))} <strong>Nothing is averaged here</strong>, so only choices about rows arise.</p>`;
}

// The rest of the result, the strip, and what the finding does not show.
function details(finding, found, width) {
  const parts = found.curve ? [numbers(finding, found), picture(finding, found, width)] : [];
  const { certainty, certainty_symbol: sign, certainty_reasons: why, cautions, page } = finding;
  parts.push(`<div class="qof-beside"><h3>What this does not show</h3><p>${escaped(cautions.join(" "))}</p>`
    + `<p><strong>${escaped(sign)} ${escaped(certainty)} certainty</strong>, judged of the book’s own choices. ${escaped(why.join(" "))}</p>`
    + `<p><a href="${page}">The finding, with its sources</a></p></div>`);
  return parts.join("");
}

function numbers(finding, { result: found, counts }) {
  if (!found) return "";
  const { digits } = finding, own = lookUp(finding).result, none = found.pi_low === null;
  const tell = [
    ["Prediction interval", none ? "not estimable" : interval(found.pi_low, found.pi_high, digits)],
    ["Variance between rows (tau²)", number(found.tau2, decimals(found.tau2))],
    ["Rows averaged", number(found.k)], ["Studies", number(counts.studies)], ["Separate samples", number(counts.samples)],
    ["Intervals wholly below, above", `${number(counts.below)}, ${number(counts.above)}`],
    ["The book’s own choices give", own ? `${number(own.estimate, digits)} (${interval(own.ci_low, own.ci_high, digits)})` : "not estimable"],
  ];
  return `<dl class="qof-numbers">${tell.map(([name, text]) => `<div><dt>${name}</dt><dd>${text}</dd></div>`).join("")}</dl>`;
}

function picture(finding, { curve, at }, width) {
  if (!curve.places.length) return "<p>No combination of the other choices gives an estimate.</p>";
  const own = lookUp(finding), here = curve === own.curve ? own.at : -1;
  const other = curve === own.curve ? "" : " This choice of kind asks another question than the finding, and has a curve of its own.";
  return `<figure class="qof-strip">${strip(finding, curve, here, at, width)}<figcaption>Every distinct analysis, from the lowest estimate; `
    + `${finding.log ? "log scale, " : ""}${escaped(finding.unit)}. Ring: the choices made. Diamond: the book’s own. Intervals that leave the picture are cut. Of ${number(curve.combinations)} combinations `
    + `${number(curve.not_estimable)} are not estimable.${other}</figcaption></figure>`;
}
