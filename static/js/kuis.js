/* One question at a time, and every tap saved by itself. Without this script the page is one plain form. */
import { Outbox } from "./kotak.js";
import { Sheet } from "./lembar.js";
import { news, tell } from "./kabar.js";

const byId = (id) => document.getElementById(id);
const form = byId("kuis");
const { attempt, owner } = form.dataset;
const questions = [...form.querySelectorAll(".question")];
const REVIEW = questions.length;
const box = new Outbox(owner, show);
const sheet = new Sheet(form, questions, box);
const isAnswered = (question) => sheet.isAnswered(question);
let place = 0;
let asked = box.wantsSubmit(attempt);

function isBegun(question) {
  return sheet.valueOf(question).some((part) => part.trim());
}

/* Where this does not arrive, the fields themselves serve. */
function arrangeBySteps(question) {
  const order = question.querySelector("ol.order");
  if (order) import("./urutan.js").then(({ arrange }) => arrange(order, () => sheet.save(question)), () => {});
}

// --- one question at a time

/* "#3" is the third screen: no id of the page, so that the browser does not scroll by itself. */
function hashOf(number) {
  return `#${number + 1}`;
}

/* Links to a question say "#soal-3"; without either it is the first that lacks an answer. */
function placeOf(hash) {
  const number = Number(hash.replace(/\D+/, ""));
  if (number > 0 && number <= REVIEW + 1) return number - 1;
  const open = questions.findIndex((question) => !isAnswered(question));
  return open < 0 ? REVIEW : open;
}

function turnTo(number) {
  sheet.saveAll();
  place = number;
  questions.forEach((question, index) => {
    question.hidden = index !== place;
  });
  byId("periksa").hidden = place !== REVIEW;
  byId("nomor").textContent = place === REVIEW ? "Hampir selesai" : `Soal ${place + 1} dari ${REVIEW}`;
  byId("kemajuan").value = place;
  byId("kembali").hidden = place === 0;
  byId("lanjut").textContent = nextWords();
  if (place === REVIEW) review();
}

function nextWords() {
  if (place === REVIEW) return asked ? "Kirim sekarang" : "Kirim jawaban";
  return nextPlace() === REVIEW ? "Periksa jawaban" : "Soal berikutnya";
}

/* Who came from the last screen to mend one answer goes back there. */
function nextPlace() {
  return cameFrom() === REVIEW ? REVIEW : place + 1;
}

function cameFrom() {
  return history.state ? history.state.from : -1;
}

function go(number) {
  history.pushState({ from: place }, "", hashOf(number));
  turnTo(number);
  toTop();
}

function goBack() {
  if (cameFrom() === place - 1) {
    history.back();
    return;
  }
  history.replaceState(null, "", hashOf(place - 1));
  turnTo(place - 1);
  toTop();
}

function toTop() {
  const heading = place === REVIEW ? byId("periksa-judul") : questions[place].querySelector("legend");
  heading.tabIndex = -1;
  heading.focus();
  form.scrollIntoView();
}

function follow(event) {
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  event.preventDefault();
  go(placeOf(link.hash));
}

// --- the last screen

function review() {
  const open = questions.filter((question) => !isAnswered(question));
  const words = open.some(isBegun) ? "belum dijawab lengkap" : "belum dijawab";
  byId("periksa-sisa").textContent = open.length
    ? `${open.length} soal ${words}. Anda boleh mengisinya dulu, atau mengirim sekarang.`
    : "Semua soal sudah dijawab.";
  questions.forEach((question, index) => {
    const tag = byId("periksa-daftar").children[index].querySelector(".tag");
    tag.classList.toggle("ok", isAnswered(question));
    const lacking = isBegun(question) ? "belum lengkap" : "belum dijawab";
    tag.textContent = isAnswered(question) ? "✓ dijawab" : lacking;
  });
}

function send() {
  sheet.saveAll();
  asked = true;
  box.submit(attempt);
}

function advance(event) {
  event.preventDefault();
  if (place === REVIEW) send();
  else go(nextPlace());
}

// --- what the page says

function show() {
  if (asked && !box.wantsSubmit(attempt)) {
    asked = false;
    // Submitted by this tab or by another one; a refused answer withdraws the wish and keeps the page.
    if (box.results[attempt] || !box.refused(attempt).length) {
      location.replace(`/kuis/${attempt}/hasil`);
      return;
    }
  }
  const said = news(box, attempt);
  const untouched = said.text === "Tersimpan" && !questions.some(isAnswered);
  tell(byId("kabar"), untouched ? { text: "Setiap jawaban tersimpan sendiri" } : said);
  byId("lanjut").textContent = nextWords();
}

function start() {
  sheet.start();
  questions.forEach(arrangeBySteps);
  questions.forEach((question) => {
    question.querySelector(".number").hidden = true;
  });
  byId("kirim").hidden = true;
  byId("keadaan").hidden = byId("langkah").hidden = false;
  const isReview = asked || /\/periksa$/.test(location.pathname);
  turnTo(isReview ? REVIEW : sheet.latest ? questions.indexOf(sheet.latest) : placeOf(location.hash));
  history.scrollRestoration = "manual";
  history.replaceState(history.state, "", hashOf(place));
  form.addEventListener("submit", advance);
  byId("lanjut").addEventListener("click", advance);
  byId("kembali").addEventListener("click", goBack);
  byId("periksa").addEventListener("click", follow);
  addEventListener("hashchange", () => {
    turnTo(placeOf(location.hash));
    toTop();
  });
  show();
  box.flush();
  sheet.renewOldCopy();
}

start();
