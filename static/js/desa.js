/* Finding one village among 294 by typing a few letters. The list it replaces stays the field that is sent. */
const MOST_HITS = 8;

const list = document.querySelector("select[name=desa]");
if (list) start(list);

function fold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
}

function villagesOf(select) {
  return Array.from(select.options)
    .filter((option) => option.value)
    .map((option) => {
      const label = `${option.text} – ${option.parentNode.label}`;
      return { code: option.value, label, name: fold(option.text), all: fold(label) };
    });
}

/* Every word must occur; names that begin with what was typed come first. */
function find(villages, typed) {
  const wanted = fold(typed);
  const words = wanted.split(/[\s–,-]+/).filter(Boolean);
  const hits = villages.filter((village) => words.every((word) => village.all.includes(word)));
  const begins = (village) => village.name.startsWith(wanted);
  return hits.filter(begins).concat(hits.filter((village) => !begins(village))).slice(0, MOST_HITS);
}

function make(name, attributes) {
  const made = document.createElement(name);
  Object.keys(attributes).forEach((key) => made.setAttribute(key, attributes[key]));
  return made;
}

function start(select) {
  const input = make("input", {
    id: "cari-desa", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": "pilihan-desa", placeholder: "Ketik nama desa", maxlength: "80",
  });
  ["aria-invalid", "aria-describedby"].forEach((key) => {
    if (select.hasAttribute(key)) input.setAttribute(key, select.getAttribute(key));
  });
  const box = {
    select, input, villages: villagesOf(select), hits: [], at: -1,
    popup: make("ul", { id: "pilihan-desa", class: "hits", role: "listbox", "aria-label": "Desa yang cocok" }),
    status: make("p", { class: "small quiet", role: "status" }),
  };
  const chosen = box.villages.find((village) => village.code === select.value);
  if (chosen) input.value = chosen.label;
  box.popup.hidden = true;
  select.before(input, box.popup, box.status);
  document.querySelector("label[for=desa]").htmlFor = input.id;
  select.hidden = true;
  select.required = false;
  listen(box);
}

function listen(box) {
  box.input.addEventListener("input", () => type(box));
  box.input.addEventListener("keydown", (event) => press(box, event));
  box.input.addEventListener("blur", () => close(box));
  // A press must not take the focus from the field before it becomes a click.
  box.popup.addEventListener("mousedown", (event) => event.preventDefault());
  box.popup.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(box, box.hits[Array.from(box.popup.children).indexOf(option)]);
  });
  box.select.form.addEventListener("submit", (event) => check(box, event));
}

function type(box) {
  box.select.value = "";
  box.at = -1;
  box.hits = fold(box.input.value) ? find(box.villages, box.input.value) : [];
  const exact = box.hits.filter((village) => village.name === fold(box.input.value) || village.label === box.input.value);
  if (exact.length === 1) box.select.value = exact[0].code;
  draw(box);
  const none = "Belum ada yang cocok. Coba sebagian namanya saja, atau nama kecamatan.";
  box.status.textContent = box.hits.length ? `${box.hits.length} pilihan` : fold(box.input.value) ? none : "";
}

function draw(box) {
  box.popup.textContent = "";
  box.hits.forEach((village, place) => {
    const option = make("li", { id: `desa-${place}`, role: "option", "aria-selected": String(place === box.at) });
    option.textContent = village.label;
    box.popup.append(option);
  });
  box.popup.hidden = !box.hits.length;
  box.input.setAttribute("aria-expanded", String(!box.popup.hidden));
  if (box.at < 0) box.input.removeAttribute("aria-activedescendant");
  else box.input.setAttribute("aria-activedescendant", `desa-${box.at}`);
}

function close(box) {
  box.hits = [];
  box.at = -1;
  draw(box);
}

function choose(box, village) {
  box.select.value = village.code;
  box.input.value = village.label;
  box.status.textContent = "";
  close(box);
}

function press(box, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && !box.hits.length) type(box);
  if (step && box.hits.length) {
    box.at = (box.at + step + box.hits.length + (box.at < 0 && step < 0 ? 1 : 0)) % box.hits.length;
    draw(box);
  } else if (event.key === "Enter" && box.hits.length) {
    choose(box, box.hits[Math.max(box.at, 0)]);
  } else if (event.key === "Escape" && box.hits.length) {
    close(box);
  } else {
    return;
  }
  event.preventDefault();
}

/* Letters that name no village are not sent as nothing: the page says so, and keeps what was typed. */
function check(box, event) {
  if (box.select.value) return;
  event.preventDefault();
  box.status.textContent = "Pilih desa atau kelurahan Anda dari daftar.";
  box.input.setAttribute("aria-invalid", "true");
  box.input.focus();
}
