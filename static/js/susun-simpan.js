/* Nothing that was written gets lost: it stays on this phone until the server has it.
 *
 * It is kept under "susun:<owner>:<file>:<base>"; `base` is the hash of what the text started from. What an earlier
 * visit left waits behind ":lama" for its person.
 */
import { send } from "./susun-kirim.js";

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30000;
const KEPT = "Belum dikirim ke situs; ada cadangan di HP ini.";
const WORDS = {
  0: "Menunggu sinyal. Ada cadangan di HP ini, dikirim sendiri nanti.",
  401: "Anda sudah keluar. Ada cadangan di HP ini; masuk lagi, lalu simpan.",
  404: "Berkas ini tidak ada lagi. Ada cadangan di HP ini.",
  413: "Lebih dari 200 KB, belum dikirim. Pindahkan sebagian ke pelajaran lain.",
};

export class Keeper {
  /* `said` gets the state in words, and whether something waits. */
  constructor(form, area, said) {
    Object.assign(this, { form, area, said, sent: [], pause: FIRST_PAUSE, wants: false, own: new Set() });
    this.start = this.startOf(form.dataset.kunci);
    this.saved = "belum" in form.dataset ? null : area.value;
    if ("tersimpan" in form.dataset) {
      // The form sent itself; the address says so once, not after a crash again.
      this.settle(form.dataset.tersimpan);
      this.kept().forEach(({ key, base, bentrok }) => bentrok && base === form.dataset.mulai && this.drop(key));
      history.replaceState(null, "", location.pathname + location.hash);
    }
    addEventListener("online", () => this.wants && this.save());
    addEventListener("beforeunload", (event) => {
      if (!this.isDirty() || this.keep()) return;
      event.preventDefault();
      event.returnValue = "";
    });
  }

  startOf(file) {
    return `susun:${this.form.dataset.owner}:${file}:`;
  }

  get base() {
    return this.form.elements.dasar;
  }

  isDirty() {
    return this.area.value !== this.saved;
  }

  changed() {
    this.bentrok = false;
    if (!this.isDirty()) return this.settle();
    const words = this.keep() ? KEPT : "Belum dikirim ke situs. Jangan tutup halaman ini.";
    if (!this.wants) this.said(words, true);
    return undefined;
  }

  /* False when this browser keeps nothing. What met another's text, and was not changed since, says so. */
  keep() {
    try {
      const held = JSON.stringify({ teks: this.area.value, waktu: Date.now(), bentrok: this.bentrok });
      const key = this.start + this.base.value;
      localStorage.setItem(key, held);
      this.own.add(key);
      return true;
    } catch (fullOrBlocked) {
      return false;
    }
  }

  drop(key) {
    localStorage.removeItem(key);
  }

  kept() {
    try {
      // What was written under the name that the file had before belongs to it too.
      const starts = [this.start, this.startOf(this.form.dataset.dulu)];
      return Object.keys(localStorage)
        .filter((key) => starts.some((start) => key.startsWith(start)))
        .map((key) => ({ key, base: /:(\w*)(:\d+:lama)?$/.exec(key)[1], ...JSON.parse(localStorage.getItem(key)) }));
    } catch (blocked) {
      return [];
    }
  }

  /* What an earlier visit left unsaved, the newest first; what is the same as the page goes. */
  left() {
    return this.kept()
      .filter(({ key, teks }) => teks !== this.area.value || this.drop(key))
      .map((held) => ({ ...held, key: this.putAway(held) }))
      .sort((one, other) => other.waktu - one.waktu);
  }

  /* Where it is from now on: a full browser keeps it in its place. */
  putAway({ key, waktu }) {
    if (/:lama$/.test(key)) return key;
    const put = `${key}:${waktu}:lama`;
    try {
      localStorage.setItem(put, localStorage.getItem(key));
    } catch (full) {
      return key;
    }
    this.drop(key);
    return put;
  }

  /* What this page kept is with the server; what another one kept is not. */
  settle(time) {
    this.own.forEach((key) => this.drop(key));
    this.own.clear();
    this.said(time ? `Tersimpan ${time}, belum terbit` : "Tidak ada perubahan baru", false);
  }

  async save() {
    this.wants = true;
    clearTimeout(this.timer);
    if (this.busy) return;
    this.busy = true;
    this.keep();
    this.said("Menyimpan…", true);
    const text = this.area.value;
    const reply = await send(this.form, this.form.action, { teks: text, dasar: this.base.value });
    this.busy = false;
    this.answer(reply, text);
  }

  answer({ status, data }, text) {
    if (status === 200 && data.dasar) return this.done(data, text);
    // The reply got lost: what stands there is our own.
    if (status === 409 && this.sent.includes(data.teks)) {
      this.base.value = data.dasar;
      return this.save();
    }
    this.sent.push(text);
    this.wants = status === 0 || status === 503;
    this.bentrok = status === 409;
    if (this.bentrok) return this.form.submit();
    this.said(WORDS[this.wants ? 0 : status] || `${KEPT} Coba simpan lagi.`, true);
    if (this.wants) this.again();
    return undefined;
  }

  done(data, text) {
    Object.assign(this, { saved: text, sent: [], pause: FIRST_PAUSE, wants: false });
    this.base.value = data.dasar;
    this.settle(data.jam);
    if (this.isDirty()) this.changed();
  }

  again() {
    this.timer = setTimeout(() => this.save(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }
}
