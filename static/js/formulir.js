/* A form section by section: each field saved by itself, and shown as soon as another one asks for it. Without this
 * script the page is one plain form. */
import { Outbox } from "./kotak.js";
import { Sheet } from "./lembar.js";
import { news, tell } from "./kabar.js";

const byId = (id) => document.getElementById(id);
const form = byId("formulir");
const { attempt, owner } = form.dataset;
const parts = [...form.querySelectorAll(".part")];
const fields = [...form.querySelectorAll("[data-isian]")];
const asked = fields.filter((field) => field.dataset.soal);
const named = new Map(fields.map((field) => [field.dataset.isian, field]));
const REVIEW = parts.length;
const story = byId("cerita");
const panel = byId("kotak-cerita");
const last = byId("periksa");
const box = new Outbox(owner, show);
const sheet = new Sheet(form, asked, box);
const isAnswered = (field) => sheet.isAnswered(field);
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
    return isWithin(numberOf(value[0] || ""), wanted.low, wanted.high);
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

function tellFault(field) {
  const text = faultOf(field);
  const line = byId(`q${field.dataset.soal}-salah`);
  line.textContent = text;
  line.hidden = !text;
  const [input] = sheet.fieldsOf(field);
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// --- one section at a time

/* Who came from the last screen goes back there. */
function next() {
  const number = parts.findIndex((part, index) => index > place && isOpen(part));
  return number < 0 || (history.state && history.state.from === REVIEW) ? REVIEW : number;
}

const before = () => parts.reduce((found, part, number) => (number < place && isOpen(part) ? number : found), -1);
const partOf = (element) => parts.findIndex((part) => part.contains(element));

/* "#2" is the second section, "#isian-7" the one that holds the field; without either, where something is missing. */
function placeOf(hash) {
  const name = hash.slice(1);
  const number = Number(name) > 0 ? name - 1 : partOf(byId(name));
  if (number === REVIEW || (parts[number] && isOpen(parts[number]))) return number;
  if (!asked.some(isAnswered)) return parts.findIndex(isOpen);
  const open = asked.find((field) => !field.hidden && !isAnswered(field));
  return open ? partOf(open) : REVIEW;
}

function turnTo(number) {
  sheet.saveAll();
  place = number;
  parts.forEach((part, index) => {
    part.hidden = index !== place;
  });
  byId("kemajuan").value = place;
  byId("nomor").textContent = place === REVIEW ? "Hampir selesai" : `Bagian ${place + 1} dari ${REVIEW}`;
  // The server's own list holds while it shows.
  if (place === REVIEW && last.hidden) review();
  last.hidden = place !== REVIEW;
  showSteps();
}

function showSteps() {
  byId("kembali").hidden = before() < 0;
  byId("lanjut").textContent = nextWords();
}

function nextWords() {
  if (place !== REVIEW) return next() === REVIEW ? "Periksa isian" : "Bagian berikutnya";
  return asked.some(faultOf) ? "Lengkapi isian" : "Kirim formulir";
}

function go(number) {
  history.pushState({ from: place }, "", `#${number + 1}`);
  turnTo(number);
  const heading = (parts[place] || last).querySelector("h2");
  heading.tabIndex = -1;
  heading.focus();
  form.scrollIntoView();
}

function goTo(field) {
  go(partOf(field));
  sheet.fieldsOf(field)[0].focus();
  field.scrollIntoView();
}

function advance(event) {
  event.preventDefault();
  const faulty = asked.find(faultOf);
  if (place !== REVIEW) go(next());
  else if (faulty) goTo(faulty);
  else {
    sending = true;
    box.submit(attempt);
  }
}

// --- the last screen: what is missing

function review() {
  const faulty = asked.filter(faultOf);
  asked.forEach(tellFault);
  byId("periksa-daftar").textContent = "";
  faulty.forEach(list);
  byId("periksa-sisa").hidden = !faulty.length;
  byId("periksa-penuh").hidden = faulty.length > 0;
}

function list(field) {
  const [line, link, where] = ["li", "a", "span"].map((name) => document.createElement(name));
  link.href = `#${field.id}`;
  link.textContent = field.querySelector("legend, .label").firstChild.data;
  where.textContent = `${parts[partOf(field)].querySelector("h2").textContent} · ${faultOf(field)}`;
  link.append(where);
  line.append(link);
  byId("periksa-daftar").append(line);
}

// --- the story over the form; the phone's own way back closes it
function openStory(event) {
  if (!panel.showModal) return;
  event.preventDefault();
  history.pushState(history.state, "", "#cerita");
  panel.showModal();
}

function leaveStory() {
  if (location.hash === "#cerita") history.back();
}

function arrive() {
  if (panel.open) panel.close();
  else if (/\d/.test(location.hash)) turnTo(placeOf(location.hash));
}

function follow(event) {
  const link = event.target.closest("a");
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
  const untouched = said.text === "Tersimpan" && !asked.some(isAnswered);
  tell(byId("kabar"), untouched ? { text: "Setiap isian tersimpan sendiri" } : said);
}

function watch(field) {
  const changed = () => {
    showFields();
    showSteps();
    if (!byId(`q${field.dataset.soal}-salah`).hidden) tellFault(field);
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
  form.querySelector(".quiz-state").after(last);
  form.parentNode.classList.add("by-parts");
  panel.insertBefore(story.querySelector(".prose").cloneNode(true), panel.lastElementChild);
  const isReview = sending || !(last.hidden || location.hash);
  turnTo(isReview ? REVIEW : sheet.latest ? partOf(sheet.latest) : placeOf(location.hash));
  if (!matchMedia("(min-width: 64em)").matches && asked.some(isAnswered)) story.open = false;
  history.scrollRestoration = "manual";
  history.replaceState(history.state, "", `#${place + 1}`);
  form.addEventListener("submit", advance);
  byId("lanjut").addEventListener("click", advance);
  byId("kembali").addEventListener("click", () => go(before()));
  byId("ke-cerita").addEventListener("click", openStory);
  panel.addEventListener("close", leaveStory);
  last.addEventListener("click", follow);
  addEventListener("hashchange", arrive);
  show();
  box.flush();
  sheet.renewOldCopy();
}

start();
