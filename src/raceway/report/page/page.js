"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("specs").textContent);
  const views = new Map();
  const form = document.querySelector(".filters");
  const fields = form ? [...form.querySelectorAll("fieldset")].map((set) => set.dataset.field) : [];

  const ticked = () => Object.fromEntries(fields.map((field) => [field, new Set(
    [...form.querySelectorAll(`input[name="${field}"]:checked`)].map((box) => box.value))]));
  const fits = (row, wanted) => fields.every(
    (field) => row[field] === undefined || row[field] === "" || wanted[field].has(String(row[field])));

  const narrow = (chart, wanted) => {
    const shown = chart.rows.filter((row) => fits(row, wanted));
    chart.view.data("rows", structuredClone(shown)).runAsync();
  };

  const draw = async (holder) => {
    const name = holder.dataset.figure;
    if (views.has(name) || !specs[name]) return;
    views.set(name, null);
    const rows = structuredClone(specs[name].datasets.rows);
    const { view } = await vegaEmbed(holder.querySelector(".plot"), specs[name], {
      renderer: "svg", mode: "vega-lite", downloadFileName: name,
      actions: { export: true, source: false, compiled: false, editor: false },
      config: { background: null, font: "Helvetica, Arial, sans-serif", axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500 }, legend: { labelFontSize: 12, symbolSize: 90 }, view: { stroke: null } },
    });
    const chart = { view, rows };
    views.set(name, chart);
    if (form && form.querySelector("input:not(:checked)")) narrow(chart, ticked());
  };

  const filter = () => {
    const wanted = ticked();
    for (const each of document.querySelectorAll(".card, figure.chart, .heat, .heat tbody tr")) {
      each.hidden = !fits(each.dataset, wanted);
    }
    for (const heat of document.querySelectorAll(".heat")) {
      heat.hidden ||= !heat.querySelector("tbody tr:not([hidden])");
    }
    for (const chart of views.values()) if (chart) narrow(chart, wanted);
    const rows = [...document.querySelectorAll("#cases .heat tbody tr[data-case]")];
    const shown = rows.filter((row) => !row.hidden && !row.closest(".heat").hidden).length;
    form.querySelector(".shown").textContent =
      shown === rows.length ? "" : `${shown} of ${rows.length} cases shown`;
  };

  const slider = document.getElementById("threshold");
  const judge = () => {
    const at = Number(slider.value);
    const { words, shares } = JSON.parse(document.getElementById("thresholds").textContent);
    document.getElementById("threshold-words").textContent = words[at];
    const counts = {}, verdicts = {};
    for (const row of document.querySelectorAll("tr[data-verdicts]")) {
      const verdict = row.dataset.verdicts.split(" ")[at];
      row.className = `verdict-${verdict}`;
      row.querySelector(".verdict").textContent = verdict;
      counts[verdict] = (counts[verdict] || 0) + 1;
      verdicts[row.dataset.case] = verdict;
    }
    for (const card of document.querySelectorAll("[data-count]")) {
      const count = counts[card.dataset.count] || 0;
      card.querySelector(".number").textContent = count;
      card.classList.toggle("none", count === 0);
    }
    for (const [name, chart] of views) {
      if (!chart || name !== "changes") continue;
      for (const row of chart.rows) row.verdict = verdicts[row.case];
      chart.view.signal("threshold", shares[at]);
      narrow(chart, ticked());
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
    details.addEventListener("toggle", () => details.querySelectorAll(".chart").forEach(draw));
  }
  const all = [...document.querySelectorAll("figure.chart")];
  const inTurn = async () => { for (const each of all) await draw(each); };
  window.drawn = inTurn().then(() => true);
})();
