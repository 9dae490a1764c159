/* The list of terms shows at once what is being looked for; without this the form asks the server. */
const field = document.querySelector("#cari");
const list = document.querySelector("[data-lengkap]");
const said = document.querySelector(".found");

if (list) {
  const entries = Array.from(list.querySelectorAll("dl > div"), (element) => ({
    element,
    words: sounding(element.textContent),
    isAlias: element.className === "see",
  }));
  field.addEventListener("input", () => filter(entries));
  field.form.addEventListener("submit", (event) => event.preventDefault());
  // A browser that comes back may have kept what was typed.
  if (field.value) filter(entries);
}

/* As `sounding` in lms/course/glossary.py does. */
function sounding(text) {
  const letters = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/\s+/g, " ").trim();
  return letters.replace(/v/g, "f").replace(/[-/]/g, " ").replace(/([a-z])\1+/g, "$1");
}

function filter(entries) {
  const wanted = sounding(field.value);
  let count = 0;
  entries.forEach(({ element, words, isAlias }) => {
    element.hidden = Boolean(wanted) && (isAlias || !words.includes(wanted));
    if (!isAlias && !element.hidden) count += 1;
  });
  list.querySelectorAll("section").forEach((section) => {
    section.hidden = !section.querySelector("dl > div:not([hidden])");
  });
  const letters = list.querySelector("nav");
  if (letters) letters.hidden = Boolean(wanted);
  said.textContent = news(count, field.value.trim(), wanted);
}

function news(count, written, wanted) {
  if (!wanted) return `${count} istilah.`;
  if (!count) return `Tidak ada istilah yang memuat “${written}”. Coba kata yang lebih pendek.`;
  return `${count} istilah memuat “${written}”.`;
}
