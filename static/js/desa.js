/* One village of 294 by a few letters. The list it hides stays what is sent. */
const MOST_HITS = 8;

const byId = (id) => document.getElementById(id);
const select = byId("desa");
const input = byId("cari-desa");
const popup = byId("pilihan-desa");
const status = byId("kabar-desa");
const needed = select.required;
const villages = Array.from(select.options)
  .filter((option) => option.value)
  .map((option) => {
    const label = `${option.text} – ${option.parentNode.label}`;
    return { code: option.value, label, name: fold(option.text), all: fold(label) };
  });
let hits = [];
let at = -1;

function fold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
}

/* Every word must occur; names that begin with it come first, shortest first. */
function find(wanted) {
  const words = wanted.split(/[\s–,-]+/);
  const found = villages.filter((village) => words.every((word) => village.all.includes(word)));
  const begins = (village) => village.name.startsWith(wanted);
  const first = found.filter(begins).sort((one, other) => one.name.length - other.name.length);
  return first.concat(found.filter((village) => !begins(village)));
}

function search() {
  const wanted = fold(input.value);
  const found = wanted ? find(wanted) : [];
  const named = found.filter((village) => village.name === wanted || village.all === wanted);
  select.value = named.length === 1 ? named[0].code : "";
  offer(found.slice(0, MOST_HITS));
  status.textContent = wanted ? say(found.length) : "";
  accept();
}

function say(count) {
  if (!count) return "Belum ada yang cocok. Coba sebagian nama desa atau kecamatan.";
  return count > MOST_HITS ? `dan ${count - MOST_HITS} lagi; ketik lebih lengkap.` : "";
}

function accept() {
  if (!select.value) return;
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
}

function offer(found) {
  hits = found;
  at = -1;
  popup.textContent = "";
  hits.forEach((village, place) => {
    const option = document.createElement("li");
    option.id = `desa-${place}`;
    option.setAttribute("role", "option");
    option.textContent = village.label;
    option.addEventListener("click", () => choose(village));
    popup.append(option);
  });
  popup.hidden = !hits.length;
  input.setAttribute("aria-expanded", String(hits.length > 0));
  mark();
}

function mark() {
  Array.from(popup.children).forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
  input.setAttribute("aria-activedescendant", at < 0 ? "" : `desa-${at}`);
}

function choose(village) {
  select.value = village.code;
  input.value = village.label;
  status.textContent = "";
  accept();
  offer([]);
}

function press(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && !hits.length) search();
  if (!hits.length) return;
  if (step) {
    at = at < 0 && step < 0 ? hits.length - 1 : (at + step + hits.length) % hits.length;
    mark();
  } else if (event.key === "Enter") {
    choose(hits[Math.max(at, 0)]);
  } else if (event.key === "Escape") {
    offer([]);
    status.textContent = "";
  } else {
    return;
  }
  event.preventDefault();
}

/* Letters that name no village are kept and spoken of, not sent as nothing. */
function check(event) {
  if (select.value || !(needed || input.value)) return;
  event.preventDefault();
  status.textContent = "Pilih desa atau kelurahan Anda dari daftar.";
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

function start() {
  const chosen = villages.find((village) => village.code === select.value);
  if (chosen) input.value = chosen.label;
  input.addEventListener("input", search);
  input.addEventListener("keydown", press);
  // Above a phone's keyboard there is room for the hits only below a field at the top.
  input.addEventListener("focus", () => input.parentNode.parentNode.scrollIntoView());
  input.addEventListener("blur", () => offer([]));
  // A press must not take the focus from the field before it becomes a click.
  popup.addEventListener("mousedown", (event) => event.preventDefault());
  select.form.addEventListener("submit", check);
  document.querySelector("label[for=desa]").htmlFor = input.id;
  byId("cari").hidden = false;
  select.hidden = true;
  select.required = false;
}

start();
