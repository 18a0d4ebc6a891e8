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

// Links into the drill-down open whatever they lead to; the picker shows one method of its group at a time.
function reveal() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
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
document.querySelectorAll("details.method").forEach((method) => {
  method.addEventListener("toggle", () => markPicked(method));
  markPicked(method);
});
document.querySelectorAll(".zoom").forEach((group) => { group.hidden = false; });
reveal();
