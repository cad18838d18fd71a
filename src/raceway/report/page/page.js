"use strict";
(() => {
  const NARROWEST = 520;
  const WIDE = /^(speedups|changes|machines-crossover)/;
  const specs = JSON.parse(document.getElementById("specs").textContent);
  const charts = new Map();
  const form = document.querySelector(".filters");
  const slider = document.getElementById("threshold");
  const fields = form ? [...form.querySelectorAll("fieldset")].map((set) => set.dataset.field) : [];

  const ticked = () => Object.fromEntries(fields.map((field) => [field, new Set(
    [...form.querySelectorAll(`input[name="${field}"]:checked`)].map((box) => box.value))]));
  const fits = (row, wanted) => fields.every(
    (field) => row[field] === undefined || row[field] === "" || wanted[field].has(String(row[field])));

  const narrow = (chart, wanted) => {
    if (chart.holder.hidden) return;
    const shown = chart.rows.filter((row) => fits(row, wanted));
    chart.view.data("rows", structuredClone(shown)).runAsync();
  };

  const draw = async (holder) => {
    const name = holder.dataset.figure;
    if (charts.has(name) || !specs[name]) return;
    charts.set(name, null);
    const rows = structuredClone(specs[name].datasets.rows);
    const plot = holder.querySelector(".plot");
    const narrowed = plot.clientWidth < NARROWEST;
    const width = narrowed && WIDE.test(name) ? NARROWEST : "container";
    const { view } = await vegaEmbed(plot, { ...specs[name], width }, {
      renderer: "svg", mode: "vega-lite", ast: true, downloadFileName: name,
      actions: { export: true, source: false, compiled: false, editor: false },
      tooltip: { theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light" },
      config: { background: null, font: "Helvetica, Arial, sans-serif", axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500 }, legend: { labelFontSize: 12, symbolSize: 90, columns: narrowed ? 2 : 4 }, view: { stroke: null } },
    });
    const drawing = plot.querySelector("svg.marks");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", plot.dataset.described);
    plot.querySelector("summary")?.setAttribute("aria-label", `Save ${name}`);
    const chart = { view, rows, holder };
    charts.set(name, chart);
    if (form && form.querySelector("input:not(:checked)")) narrow(chart, ticked());
    reach();
  };

  const filter = () => {
    const wanted = ticked();
    for (const each of document.querySelectorAll(".card:not([data-count]), figure.chart, .group, .group tbody tr")) {
      each.hidden = !fits(each.dataset, wanted);
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden ||= !group.querySelector("tbody tr:not([hidden])");
    }
    for (const chart of charts.values()) if (chart) narrow(chart, wanted);
    const rows = [...document.querySelectorAll("#cases .group tbody tr[data-case]")];
    const shown = rows.filter((row) => !row.hidden && !row.closest(".group").hidden).length;
    form.querySelector(".shown").textContent =
      shown === rows.length ? "" : `${shown} of ${rows.length} cases shown`;
    if (slider) judge();
  };

  const judge = () => {
    const at = Number(slider.value);
    const { words, shares } = JSON.parse(document.getElementById("thresholds").textContent);
    document.getElementById("threshold-words").textContent = words[at];
    slider.setAttribute("aria-valuetext", words[at]);
    const counts = {}, verdicts = {};
    for (const row of document.querySelectorAll("tr[data-verdicts]")) {
      const verdict = row.dataset.verdicts.split(" ")[at];
      row.className = `verdict-${verdict}`;
      row.querySelector(".verdict").textContent = verdict;
      if (!row.hidden) counts[verdict] = (counts[verdict] || 0) + 1;
      verdicts[row.dataset.case] = verdict;
    }
    for (const card of document.querySelectorAll("[data-count]")) {
      const count = counts[card.dataset.count] || 0;
      card.querySelector(".number").textContent = count;
      card.classList.toggle("none", count === 0);
    }
    const changes = charts.get("changes");
    if (changes) {
      for (const row of changes.rows) row.verdict = verdicts[row.case];
      changes.view.signal("threshold", shares[at]);
      narrow(changes, ticked());
    }
  };

  // Makes whatever scrolls sideways reachable by keyboard.
  const reach = () => {
    for (const each of document.querySelectorAll(".group, .plot, section")) {
      const scrolls = each.scrollWidth > each.clientWidth + 1;
      each.toggleAttribute("tabindex", scrolls);
      if (!scrolls) continue;
      each.tabIndex = 0;
      if (each.tagName === "SECTION") continue;
      const caption = each.querySelector("caption")?.textContent || each.dataset.described;
      each.setAttribute("role", "region");
      each.setAttribute("aria-label", `${caption || "table"}, scrolls sideways`);
    }
  };

  if (slider) {
    slider.addEventListener("input", judge);
    if (form && form.contains(slider)) form.addEventListener("reset", () => setTimeout(judge));
  }
  if (form) {
    form.addEventListener("change", filter);
    form.addEventListener("reset", () => setTimeout(filter));
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  for (const details of document.querySelectorAll("details")) {
    details.addEventListener("toggle", () => {
      details.querySelectorAll(".chart").forEach(draw);
      reach();
    });
  }
  addEventListener("resize", reach);
  reach();
  const all = [...document.querySelectorAll("figure.chart")];
  const inTurn = async () => { for (const each of all) await draw(each); };
  window.drawn = inTurn().then(() => true);
})();
