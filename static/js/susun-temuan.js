/* What is said of the text: counted, listed under the text, and each line of it one press away. */
import { reveal, select } from "./susun-sisip.js";

const byId = (id) => document.getElementById(id);

function make(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

export function list(said) {
  const musts = said.problems.filter((each) => each.level === "galat");
  const others = said.problems.filter((each) => each.level !== "galat");
  fill("harus", "Harus dibetulkan", musts);
  fill("saran", "Sebaiknya", others);
  fill("bacaan", "Supaya enak dibaca", said.readability);
  byId("beres").hidden = said.must + said.should > 0;
  const average = said.sentence_words ? ` · rata-rata ${Math.round(said.sentence_words)} kata sekalimat` : "";
  byId("ringkas").textContent = `${said.words} kata · ± ${said.minutes} menit · ${said.kb} KB${average}`;
  count(said);
}

function fill(id, title, items) {
  const place = byId(id);
  place.textContent = "";
  if (!items.length) return;
  const entries = make("ul", "", "temuan");
  items.forEach((item) => {
    const entry = make("li", "", item.level || item.kind);
    const link = make("a", item.line ? `Baris ${item.line}` : "Berkas ini");
    link.href = "#teks";
    link.dataset.baris = item.line;
    entry.append(link, ` ${item.text}`);
    entries.append(entry);
  });
  place.append(make("h3", title), entries);
}

function count({ must, should }) {
  const link = byId("hitung");
  const words = [must ? `${must} harus dibetulkan` : "", should ? `${should} saran` : ""].filter(Boolean);
  link.hidden = false;
  link.textContent = words.join(", ") || "✓ Beres";
  link.className = must ? "galat" : "";
}

/* A press on "Baris 7" selects that line of the text and brings it before the eyes. */
export function leadTo(area) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-baris]");
    if (!link) return;
    event.preventDefault();
    lead(area, Number(link.dataset.baris));
  });
}

export function lead(area, line) {
  select(area, line);
  reveal(area);
}
