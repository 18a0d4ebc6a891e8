"use strict";
// Sorting: every header button sorts the first body of its table by the cells' data-v (numbers) or text.
function sortBy(button) {
  const head = button.closest("th"), table = head.closest("table");
  const column = Number(head.dataset.column);
  const first = head.dataset.first || "descending";
  const other = first === "descending" ? "ascending" : "descending";
  const direction = head.getAttribute("aria-sort") === first ? other : first;
  table.querySelectorAll("th[aria-sort]").forEach((th) => th.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", direction);
  const value = (row) => {
    const cell = row.cells[column];
    if (!("v" in cell.dataset)) return (cell.querySelector("a") || cell).textContent.trim();
    return cell.dataset.v === "" ? NaN : Number(cell.dataset.v);
  };
  const sign = direction === "ascending" ? 1 : -1;
  const body = table.tBodies[0];
  [...body.rows]
    .map((row, index) => ({ row, index, value: value(row) }))
    .sort((a, b) => {
      if (typeof a.value === "string") return sign * a.value.localeCompare(b.value, undefined, { numeric: true }) || a.index - b.index;
      if (Number.isNaN(a.value) || Number.isNaN(b.value)) return Number.isNaN(a.value) - Number.isNaN(b.value) || a.index - b.index;
      return sign * (a.value - b.value) || a.index - b.index;
    })
    .forEach((entry) => body.append(entry.row));
}

// What opens below a method lies in the page once, packed, and is unpacked when it is first opened.
const unpacked = new Map();
function unpack(details) {
  const place = details.querySelector(":scope > [data-packed]");
  if (place && !unpacked.has(details.id)) unpacked.set(details.id, fill(details.id, place));
  return unpacked.get(details.id);
}

async function fill(id, place) {
  try {
    const packed = JSON.parse(document.getElementById(place.dataset.packed).textContent)[id];
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    place.innerHTML = await new Response(plain).text();
  } catch (error) {
    place.textContent = "This browser cannot show the details (" + error + "): open the page with a newer one.";
  }
  await Promise.all([...place.querySelectorAll("details[open]")].map(unpack));
}

// Links into the drill-down open whatever they lead to; the picker shows one method of its group at a time.
async function reveal() {
  const id = decodeURIComponent(location.hash.slice(1)), steps = id.split("-");
  for (let n = 1; n < steps.length; n++) {
    const above = document.getElementById(steps.slice(0, n).join("-"));
    if (above && above.tagName === "DETAILS") { above.open = true; await unpack(above); }
  }
  const target = id && document.getElementById(id);
  if (!target) return;
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  if (target.tagName === "DETAILS") await unpack(target);
  target.scrollIntoView({ block: "start" });
}

function markPicked(method) {
  const link = document.querySelector('.picker a[href="#' + method.id + '"]');
  if (link) link.setAttribute("aria-current", String(method.open));
}

function setZoom(button) {
  const group = button.parentElement, scope = group.closest("[data-zoom-scope]") || document.body;
  scope.style.setProperty("--zoom", button.dataset.zoom);
  scope.classList.toggle("zoomed", button.dataset.zoom !== "1");
  group.querySelectorAll("button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
}

document.addEventListener("click", (event) => {
  const sorter = event.target.closest("th button"), zoomer = event.target.closest(".zoom button");
  if (sorter) sortBy(sorter);
  if (zoomer) setZoom(zoomer);
  const link = event.target.closest('a[href^="#"]');
  if (link && link.hash === location.hash) { event.preventDefault(); reveal(); }
});
window.addEventListener("hashchange", reveal);
document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (details.open) unpack(details);
  if (details.matches("details.method")) markPicked(details);
}, true);
document.querySelectorAll("details.method").forEach(markPicked);
document.querySelectorAll("details[open]").forEach(unpack);
document.querySelectorAll(".zoom").forEach((group) => { group.hidden = false; });
reveal();
