/* Presses "Lanjutkan" by itself until the work is done; without signal it waits and tries again. */
import { send } from "./susun-kirim.js";

const PAUSE = 3000;
const form = document.getElementById("kerja");
const line = document.getElementById("maju");
const bar = document.querySelector("progress");
const button = form.querySelector("button");

function show({ posisi, dari }) {
  line.textContent = `${posisi} dari ${dari} selesai.`;
  bar.value = posisi;
}

async function work() {
  button.disabled = true;
  const { status, data } = await send(form, location.pathname, {});
  if (status === 200 && "posisi" in data) {
    show(data);
    if (data.selesai) return location.reload();
    return work();
  }
  if (status === 0 || status === 503) {
    line.textContent = "Menunggu sinyal. Yang sudah selesai tetap tersimpan.";
    return setTimeout(work, PAUSE);
  }
  // Pressing the button tells why.
  line.textContent = "Berhenti sebentar. Yang sudah selesai tetap tersimpan; tekan Lanjutkan.";
  button.disabled = false;
  return undefined;
}

work();
