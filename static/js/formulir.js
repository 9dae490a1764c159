/* A form section by section: each field saved by itself, and shown as soon as another one asks for it. Without this
 * script the page is one plain form. */
import { Outbox } from "./kotak.js";
import { Sheet } from "./lembar.js";
import { news, tell } from "./kabar.js";

const byId = (id) => document.getElementById(id);
const form = byId("formulir");
const { attempt, owner } = form.dataset;
const parts = Array.from(form.querySelectorAll(".part"));
const fields = Array.from(form.querySelectorAll("[data-isian]"));
const asked = fields.filter((field) => field.dataset.soal);
const named = new Map(fields.map((field) => [field.dataset.isian, field]));
const story = byId("cerita");
const box = new Outbox(owner, show);
const sheet = new Sheet(form, asked, box);
const wide = matchMedia("(min-width: 64em)");
let place = 0;
let sending = box.wantsSubmit(attempt);

// --- what stands in a field, and whether it shows

function valueOf(field) {
  if (!field || field.hidden) return [];
  const value = field.dataset.soal ? sheet.valueOf(field) : JSON.parse(field.dataset.nilai);
  return value.filter((part) => part.trim());
}

/* "Rp 300.000" and "3,5" as an Indonesian means them; NaN for what is no number. */
function numberOf(text) {
  const plain = text.replace(/rp\.?|%|\s/gi, "").replace(/\.(?=\d{3}(?!\d))/g, "").replace(",", ".");
  return plain ? Number(plain) : NaN;
}

function isWithin(number, low, high) {
  return !isNaN(number) && (low === null || number >= low) && (high === null || number <= high);
}

function shows(field) {
  return Object.entries(JSON.parse(field.dataset.bila)).every(([name, wanted]) => {
    const value = valueOf(named.get(name));
    if (Array.isArray(wanted)) return value.some((part) => wanted.includes(part));
    return value.length > 0 && isWithin(numberOf(value[0]), wanted.low, wanted.high);
  });
}

function showFields() {
  fields.forEach((field) => {
    field.hidden = !shows(field);
  });
}

const isOpen = (part) => fields.some((field) => part.contains(field) && !field.hidden);

// --- what keeps a field from being sent

const end = (text) => (text ? Number(text) : null);

function faultOf(field) {
  const [text] = valueOf(field);
  if (field.hidden) return "";
  const [input] = sheet.fieldsOf(field);
  if (!text) {
    if (input.validity.badInput) return "Tulis tanggalnya seperti 12 Oktober 2026.";
    if (!("wajib" in field.dataset)) return "";
    return /^(radio|checkbox)$/.test(input.type) ? "Pilih dulu jawabannya." : "Isian ini perlu diisi.";
  }
  if (field.dataset.jenis !== "angka") return "";
  const number = numberOf(text);
  if (isNaN(number)) return "Tulis angkanya saja, misalnya 12 atau 300.000.";
  const { low, high } = input.dataset;
  return isWithin(number, end(low), end(high)) ? "" : "Periksa lagi angkanya; sepertinya salah ketik.";
}

function tellFault(field, text) {
  const line = byId(`q${field.dataset.soal}-salah`);
  line.textContent = text;
  line.hidden = !text;
  const [input] = sheet.fieldsOf(field);
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// --- one section at a time

const next = () => parts.findIndex((part, number) => number > place && isOpen(part));
const before = () => parts.reduce((found, part, number) => (number < place && isOpen(part) ? number : found), -1);
const partOf = (element) => parts.findIndex((part) => part.contains(element));

/* "#2" is the second section; "#isian-7" the one that holds the field; without either, where something is missing. */
function placeOf(hash) {
  const number = /^#\d+$/.test(hash) ? Number(hash.slice(1)) - 1 : partOf(hash.length > 1 ? byId(hash.slice(1)) : null);
  if (parts[number] && isOpen(parts[number])) return number;
  const isBegun = asked.some((field) => sheet.isAnswered(field));
  const open = isBegun && asked.find((field) => !field.hidden && !sheet.isAnswered(field));
  return open ? partOf(open) : parts.findIndex(isOpen);
}

function turnTo(number) {
  sheet.saveAll();
  place = number;
  parts.forEach((part, index) => {
    part.hidden = index !== place;
  });
  byId("kemajuan").value = place;
  byId("nomor").textContent = `Bagian ${place + 1} dari ${parts.length}`;
  showSteps();
}

function showSteps() {
  byId("kembali").hidden = before() < 0;
  byId("lanjut").textContent = next() < 0 ? "Kirim formulir" : "Bagian berikutnya";
}

function go(number) {
  history.pushState(null, "", `#${number + 1}`);
  turnTo(number);
  if (!wide.matches) story.open = false;
  const heading = parts[place].querySelector("h2");
  heading.tabIndex = -1;
  heading.focus();
  form.scrollIntoView();
}

function goTo(field) {
  if (partOf(field) !== place) go(partOf(field));
  const [input] = sheet.fieldsOf(field);
  input.focus();
  field.scrollIntoView();
}

function advance(event) {
  event.preventDefault();
  if (next() < 0) send();
  else go(next());
}

function send() {
  sheet.saveAll();
  asked.forEach((field) => tellFault(field, faultOf(field)));
  const faulty = asked.find(faultOf);
  if (faulty) {
    goTo(faulty);
    return;
  }
  sending = true;
  box.submit(attempt);
}

function openStory(event) {
  event.preventDefault();
  story.open = true;
  story.scrollIntoView();
}

function follow(event) {
  const link = event.target.closest("a[href^='#isian-']");
  if (!link) return;
  event.preventDefault();
  goTo(byId(link.hash.slice(1)));
}

// --- what the page says

function show() {
  if (sending && !box.wantsSubmit(attempt)) {
    sending = false;
    if (box.results[attempt] || !box.refused(attempt).length) {
      location.replace(box.results[attempt] || `/formulir/${attempt}`);
      return;
    }
  }
  const said = news(box, attempt);
  const untouched = said.text === "Tersimpan" && !asked.some((field) => sheet.isAnswered(field));
  tell(byId("kabar"), untouched ? { text: "Setiap isian tersimpan sendiri" } : said);
}

function watch(field) {
  const changed = () => {
    showFields();
    showSteps();
    if (!byId(`q${field.dataset.soal}-salah`).hidden) tellFault(field, faultOf(field));
  };
  field.addEventListener("change", changed);
  field.addEventListener("input", changed);
}

function start() {
  sheet.start();
  showFields();
  asked.forEach(watch);
  byId("kirim").hidden = true;
  byId("keadaan").hidden = byId("langkah").hidden = false;
  const faulty = asked.find((field) => !byId(`q${field.dataset.soal}-salah`).hidden);
  turnTo(faulty && !location.hash ? partOf(faulty) : placeOf(location.hash));
  if (!wide.matches && asked.some((field) => sheet.isAnswered(field))) story.open = false;
  history.scrollRestoration = "manual";
  history.replaceState(null, "", `#${place + 1}`);
  form.addEventListener("submit", advance);
  byId("lanjut").addEventListener("click", advance);
  byId("kembali").addEventListener("click", () => go(before()));
  byId("ke-cerita").addEventListener("click", openStory);
  document.addEventListener("click", follow);
  addEventListener("hashchange", () => turnTo(placeOf(location.hash)));
  show();
  box.flush();
  sheet.renewOldCopy();
}

start();
