/* What the outbox has to say, in the same words on every page. */
import { FULL, NOT_OWNER, NO_SIGNAL, SIGNED_OUT } from "./kotak.js";

const here = () => encodeURIComponent(location.pathname);

const PROBLEMS = {
  [SIGNED_OUT]: () => ({
    text: "Masuk lagi untuk mengirim. Jawaban tersimpan di HP ini.",
    link: ["Masuk lagi", `/masuk?ke=${here()}`],
  }),
  [NOT_OWNER]: () => ({
    text: "Masuk sebagai pemilik untuk mengirim. Jawaban tersimpan di HP ini.",
    link: ["Ganti orang", "/keluar"],
  }),
  [NO_SIGNAL]: (box, attempt) => ({ text: noSignal(box, attempt) }),
};

function noSignal(box, attempt) {
  if (box.isFragile()) {
    return "Menunggu sinyal. HP ini tidak dapat menyimpan jawaban; jangan tutup halaman ini sampai tersimpan.";
  }
  if (wantsSubmit(box, attempt)) {
    return "Kiriman Anda menunggu sinyal. Biarkan saja; terkirim sendiri begitu ada sinyal.";
  }
  return `${count(box, attempt)} jawaban menunggu sinyal. Tersimpan di HP ini; lanjutkan saja.`;
}

function wantsSubmit(box, attempt) {
  return (attempt ? [attempt] : box.attempts()).some((one) => box.wantsSubmit(one));
}

/* Questions with something unsent; answered twice counts once. */
export function count(box, attempt) {
  return new Set(box.waiting(attempt).map((entry) => `${entry.attempt}:${entry.number}`)).size;
}

export function isWaiting(box, attempt) {
  return count(box, attempt) > 0 || wantsSubmit(box, attempt);
}

/* {text, link: [words, address] or nothing, waiting}: of one attempt, or of everything of this person. */
export function news(box, attempt) {
  const refused = box.refused(attempt);
  if (refused.length) {
    const numbers = [...new Set(refused.map((entry) => entry.number))].join(", ");
    const remedy = refused.some((entry) => entry.refused === FULL)
      ? "tidak tersimpan: kuis ini terlalu sering diubah. Jawaban sebelumnya aman; kirim kuisnya."
      : "tidak dapat diterima. Jawab soal itu sekali lagi.";
    return { text: `Jawaban soal ${numbers} ${remedy}`, waiting: true };
  }
  if (isWaiting(box, attempt)) {
    const problem = PROBLEMS[box.problem];
    return problem ? { waiting: true, ...problem(box, attempt) } : { text: "Menyimpan…" };
  }
  const result = attempt && box.results[attempt];
  const link = result ? ["Lihat hasil", result] : null;
  if (box.late) {
    const text = "Pengerjaan ini sudah ditutup. Jawaban terakhir Anda tercatat sebagai terlambat.";
    return { text, link, waiting: true };
  }
  return { text: "Tersimpan", link };
}

/* Put news into a line of the page, unless it says so already. */
export function tell(line, { text, link, waiting }) {
  const said = text + (link ? link[1] : "");
  if (line.dataset.said === said) return;
  line.dataset.said = said;
  line.classList.toggle("waiting", Boolean(waiting));
  line.textContent = text;
  if (!link) return;
  const way = document.createElement("a");
  [way.textContent, way.href] = link;
  line.append(" ", way);
}
