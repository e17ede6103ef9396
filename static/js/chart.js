/* A chart is read value by value: with the arrow keys, or under the pointer. The words are those of its table. */
const SVG = "http://www.w3.org/2000/svg";

function words(figure, row) {
  const heads = [...figure.querySelectorAll("thead th")].slice(1).map((one) => one.textContent.trim());
  const cells = [...row.querySelectorAll("td")].map((one) => one.textContent.trim());
  const said = cells.map((cell, index) => (heads.length > 1 ? `${heads[index]} ${cell}` : cell));
  return `${row.querySelector("th").textContent.trim()}: ${said.join(", ")}`;
}

function enliven(figure) {
  const picture = figure.querySelector("svg.chart");
  const rows = [...figure.querySelectorAll("tbody tr[data-x]")];
  if (!picture || !rows.length) return;
  const read = document.createElement("p");
  read.className = "chart__read";
  read.setAttribute("role", "status");
  picture.after(read);
  const cursor = document.createElementNS(SVG, "line");
  cursor.setAttribute("class", "chart__cursor");
  cursor.setAttribute("y1", picture.dataset.top);
  cursor.setAttribute("y2", picture.dataset.bottom);
  picture.tabIndex = 0;
  let at = -1;

  function show(index) {
    at = Math.max(0, Math.min(rows.length - 1, index));
    const { x } = rows[at].dataset;
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    picture.append(cursor);
    read.textContent = words(figure, rows[at]);
  }
  function nearest(clientX) {
    const box = picture.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * picture.viewBox.baseVal.width;
    const away = rows.map((row) => Math.abs(row.dataset.x - x));
    return away.indexOf(Math.min(...away));
  }
  picture.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: at + 1, ArrowLeft: at < 0 ? rows.length - 1 : at - 1, Home: 0, End: rows.length - 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    show(steps[event.key]);
  });
  picture.addEventListener("pointermove", (event) => show(nearest(event.clientX)));
  picture.addEventListener("pointerdown", (event) => show(nearest(event.clientX)));
}

document.querySelectorAll("[data-chart]").forEach(enliven);
