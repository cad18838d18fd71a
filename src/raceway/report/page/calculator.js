// The calculator: the same sums as raceway.analysis.prices, which explains them.
(() => {
  const form = document.getElementById("calculator");
  if (!form) return;
  const ALIKE = 1.1, NEAR = 1.25;
  const { cores, prices } = JSON.parse(document.getElementById("prices").textContent);
  const field = (name) => form.elements[name];
  const short = (seconds) => {
    for (const [size, unit] of [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]]) {
      if (seconds >= 0.995 * size || unit === "ns") {
        return `${Number((seconds / size).toPrecision(2))} ${unit}`;
      }
    }
  };

  const spread = (rates, work, tasks) => {
    const atOnce = rates.at_once === null ? tasks : rates.at_once;
    const waves = Math.ceil(tasks / atOnce);
    return work === "waits" ? waves : Math.max(tasks / Math.max(Math.min(atOnce, cores), 1), waves);
  };
  const lineOf = (rates, { work, tasks, mib }) => ({
    model: rates.model, start: rates.start, rates,
    fixed: rates.pass + tasks * rates.task + (mib ? tasks * mib * rates.mib : 0),
    slope: spread(rates, work, tasks) * rates.factor,
  });
  const at = (line, cost) => line.fixed + line.slope * cost;

  const envelope = (lines) => {
    const found = [];
    let from = 0;
    let line = lines.reduce((a, b) => (
      b.fixed < a.fixed || (b.fixed === a.fixed && b.slope < a.slope) ? b : a));
    for (;;) {
      let to = Infinity, next = null;
      for (const other of lines) {
        if (other.slope >= line.slope) continue;
        const cross = (other.fixed - line.fixed) / (line.slope - other.slope);
        if (cross < to || (cross === to && other.slope < next.slope)) { to = cross; next = other; }
      }
      if (to > from) found.push({ line, from, to });
      if (!next) return found;
      line = next;
      from = to;
    }
  };
  const reigns = (lines) => envelope(lines).reduce((kept, each) => {
    const last = kept.at(-1);
    const worst = last && (each.to === Infinity
      ? last.line.slope / each.line.slope : at(last.line, each.to) / at(each.line, each.to));
    if (last && worst <= ALIKE) last.to = each.to;
    else kept.push({ ...each });
    return kept;
  }, []);

  const beyond = ({ rates }, { cost, tasks }) => rates && [["cost", cost], ["tasks", tasks]].some(
    ([name, value]) => value < rates.range[name][0] / NEAR || value > rates.range[name][1] * NEAR);

  const answer = () => {
    const question = {
      cost: Number(field("cost").value) * Number(field("cost-unit").value),
      tasks: Math.floor(Number(field("tasks").value)),
      mib: Number(field("payload").value) * Number(field("payload-unit").value),
      work: field("work").value,
    };
    const say = document.getElementById("calculated");
    const body = document.querySelector("#predictions tbody");
    body.replaceChildren();
    if (!(question.cost > 0 && question.tasks >= 1 && question.mib >= 0)) {
      say.textContent = "Give a cost above 0 and at least one task.";
      return;
    }
    const known = prices[question.work].filter((each) => !question.mib || each.mib !== null);
    const serial = { model: "serial", start: 0, fixed: 0, slope: question.tasks };
    const lines = [serial, ...known.map((each) => lineOf(each, question))];
    const time = (line) => at(line, question.cost);
    lines.sort((a, b) => time(a) - time(b));
    const good = lines.slice(1).filter((each) => time(each) <= ALIKE * time(lines[0]));
    const [first, ...later] = reigns(lines);
    const unknown = prices[question.work].length - known.length;
    say.textContent = [
      `Best: ${lines[0].model}, ${short(time(lines[0]))}`,
      ...(good.length ? [`within 10 %: ${good.map((each) => each.model).join(", ")}`] : []),
      later.length
        ? `${first.line.model} below, ${later.map((each) => `from ${short(each.from)} a task ${each.line.model}`).join(", ")}`
        : `${first.line.model} at every cost of a task`,
      ...(unknown ? [`${unknown} models left out: the run does not tell what a MiB costs them`] : []),
    ].join("; ");
    for (const line of lines) {
      const row = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = line.model;
      row.append(head);
      for (const text of [
        short(time(line)),
        line === serial ? "" : `${Number((time(serial) / time(line)).toPrecision(2))}×`,
        line.start ? short(time(line) + line.start) : "",
        beyond(line, question) ? "beyond what was measured" : "",
      ]) row.insertCell().textContent = text;
      if (line === lines[0]) row.className = "wins";
    }
  };

  form.addEventListener("input", answer);
  form.addEventListener("reset", () => setTimeout(answer));
  form.addEventListener("submit", (event) => event.preventDefault());
  answer();
})();
