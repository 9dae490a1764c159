/* Scans cards with the camera. What was scanned waits on this phone, as the card's hash alone, until a reply names it;
   so the hall's network may fail meanwhile. */
import { send } from "./susun-kirim.js";

const LOOK = 150;
const RETRY = 5000;
const WIDEST = 800;
const MOST = 100;
const MARK = /^[0-9a-f]{32}$/;
const CARD = /\/kartu#([0-9A-Z]{24})$/;
const byId = (id) => document.getElementById(id);
const form = byId("pindai");
const { alamat: address, kunci: key, qr } = form.dataset;
const video = byId("kamera");
const canvas = document.createElement("canvas");
const WORDS = {
  tercatat: "hadir",
  sudah: "sudah tercatat",
  "di luar jam": "di luar jam pertemuan; centang di daftar",
  "tak dikenal": "Kartu ini bukan milik peserta bimtek ini, atau sudah diganti.",
};
const lines = new Map();
let queue = load();
let busy = false;
let problem = "";

function load() {
  try {
    return (JSON.parse(localStorage.getItem(key)) || []).filter((each) => each && MARK.test(each.id));
  } catch (blocked) {
    return [];
  }
}

function keep() {
  try {
    if (queue.length) localStorage.setItem(key, JSON.stringify(queue));
    else localStorage.removeItem(key);
  } catch (blocked) {
    problem = "HP ini tidak dapat menyimpan; jangan tutup halaman ini.";
  }
  const waits = queue.length ? `${queue.length} kartu menunggu terkirim. ` : "";
  byId("antre").textContent = waits + problem;
}

function tell(text) {
  byId("kabar").textContent = text;
}

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function found(text) {
  const card = CARD.exec(text);
  if (!card) return tell("Ini bukan kartu peserta. Arahkan kamera ke kode QR di kartu.");
  const hash = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(card[1])));
  if (lines.has(hash)) return tell(`${lines.get(hash).textContent}. Kartu berikutnya.`);
  const line = document.createElement("li");
  line.textContent = `Kartu pukul ${new Date().toTimeString().slice(0, 5).replace(":", ".")}, menunggu terkirim`;
  lines.set(hash, line);
  byId("hasil").prepend(line);
  queue.push({ id: hex(crypto.getRandomValues(new Uint8Array(16))), sidik: hash, pada: Date.now() });
  keep();
  tell("Kartu terbaca. Kartu berikutnya.");
  if ((navigator.userActivation || {}).hasBeenActive) navigator.vibrate(80);
  return flush();
}

async function flush() {
  if (busy || !queue.length) return;
  busy = true;
  const part = queue.slice(0, MOST);
  const scans = part.map(({ id, sidik, pada }) => ({ id, sidik, umur: Math.max(0, Date.now() - pada) }));
  const { status, data } = await send(form, address, { pindaian: scans });
  busy = false;
  if (status === 200 && data.pindaian) {
    problem = "";
    data.pindaian.forEach(received);
  } else {
    problem = data.text || "Menunggu sinyal; tersimpan di HP ini.";
  }
  keep();
  if (!problem) flush();
}

function received({ id, nama, hasil }) {
  const scan = queue.find((each) => each.id === id);
  if (!scan) return;
  queue = queue.filter((each) => each !== scan);
  const line = lines.get(scan.sidik) || byId("hasil").appendChild(document.createElement("li"));
  line.textContent = nama ? `${nama}: ${WORDS[hasil]}` : WORDS[hasil];
  if (hasil === "tak dikenal" || hasil === "di luar jam") lines.delete(scan.sidik);
  tell(line.textContent);
}

/* The phone's own reader where it has one, else ours, fetched at once: later there may be no signal. */
async function reader() {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const own = new BarcodeDetector({ formats: ["qr_code"] });
    return async (context) => ((await own.detect(context.canvas))[0] || {}).rawValue;
  }
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: qr, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  return (context) => {
    const { width, height } = context.canvas;
    const picture = context.getImageData(0, 0, width, height);
    return (window.jsQR(picture.data, width, height, { inversionAttempts: "dontInvert" }) || {}).data;
  };
}

async function watch(decode) {
  const scale = Math.min(1, WIDEST / (video.videoWidth || WIDEST));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (canvas.width && canvas.height) {
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const text = await decode(context);
    if (text) await found(text);
  }
  setTimeout(() => watch(decode), LOOK);
}

async function start() {
  keep();
  setInterval(flush, RETRY);
  window.addEventListener("online", flush);
  flush();
  try {
    const decode = await reader();
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    await video.play();
    tell("Arahkan kamera ke kode QR di kartu.");
    watch(decode);
  } catch (refused) {
    tell("Kamera tidak dapat dipakai. Izinkan kamera untuk situs ini, lalu muat ulang; atau centang di daftar.");
  }
}

start();
