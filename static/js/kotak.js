/* The outbox: an answer stays on this phone until a reply of the server names it.
 *
 * Each entry has a key of its own, "kotak:<owner>:<attempt>:<id>", so two tabs never rewrite each other's. Beside them
 * stand ":kirim" (submit behind the entries) and ":terima" (the highest counter the server named). The owner is an
 * opaque mark of the page; what another owner left is neither read nor sent.
 */
const MOST_IN_A_REQUEST = 100;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;
const LONGEST_REQUEST = 20000;
const LONGEST_TURN = 5000;

export const NO_SIGNAL = "signal";
export const SIGNED_OUT = "masuk";
export const NOT_OWNER = "pemilik";
export const FULL = 429;

// What a full or blocked storage did not take; it lives as long as the page.
const memory = new Map();

function keep(key, value) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(key, text);
    memory.delete(key);
  } catch (fullOrBlocked) {
    memory.set(key, text);
  }
}

function look(key) {
  try {
    return JSON.parse(memory.has(key) ? memory.get(key) : localStorage.getItem(key));
  } catch (blocked) {
    return null;
  }
}

function drop(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch (blocked) {
    // Nothing was kept there either.
  }
}

function keysFrom(start) {
  let stored = [];
  try {
    stored = Object.keys(localStorage);
  } catch (blocked) {
    // Then everything is in memory.
  }
  return [...new Set([...stored, ...memory.keys()])].filter((key) => key.startsWith(start));
}

/* What is not JSON of our server (no line, a Wi-Fi portal, a gateway's page) has status 0. */
async function ask(address, headers, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LONGEST_REQUEST);
  try {
    const reply = await fetch(address, {
      method: body ? "POST" : "GET",
      headers: { Accept: "application/json", ...headers },
      body,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: stop.signal,
    });
    const wait = Number(reply.headers.get("Retry-After")) || 0;
    return { status: reply.status, wait, data: Object(await reply.json()) };
  } catch (lost) {
    return { status: 0, wait: 0, data: {} };
  } finally {
    clearTimeout(timer);
  }
}

const tokens = () => [...document.querySelectorAll("input[name=csrf_token]")];

/* A fresh form token for the outbox and every form of the page; gives the reply. */
export async function renewToken() {
  const reply = await ask("/token", {});
  if (reply.status === 200) {
    Outbox.token = reply.data.token;
    tokens().forEach((field) => {
      field.value = Outbox.token;
    });
  }
  return reply;
}

async function post(address, body) {
  const send = () => ask(address, { "Content-Type": "application/json", "X-CSRFToken": Outbox.token }, body);
  const reply = await send();
  if (reply.data.error !== "token") return reply;
  const renewed = await renewToken();
  return renewed.status === 200 ? send() : renewed;
}

/* Tabs take turns; who waits long goes ahead, for what is sent twice counts once. */
function inTurn(work) {
  if (!navigator.locks) return work();
  const stop = new AbortController();
  setTimeout(() => stop.abort(), LONGEST_TURN);
  return navigator.locks.request("kotak", { signal: stop.signal }, work).catch(() => work());
}

export class Outbox {
  /* `changed` is called whenever there may be news. */
  constructor(owner, changed) {
    this.owner = owner;
    this.changed = changed;
    this.seen = {};
    Outbox.token = tokens().map((field) => field.value)[0] || "";
    this.results = {};
    this.late = false;
    this.problem = "";
    this.failures = 0;
    addEventListener("online", () => this.flush());
    addEventListener("storage", changed);
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
  }

  key(attempt, name) {
    return `kotak:${this.owner}:${attempt}:${name}`;
  }

  attempts() {
    return [...new Set(keysFrom(`kotak:${this.owner}:`).map((key) => key.split(":")[2]))];
  }

  /* Everything without a receipt, oldest first: of one attempt, or of all. */
  entries(attempt) {
    return keysFrom(attempt ? this.key(attempt, "") : `kotak:${this.owner}:`)
      .map((key) => ({ attempt: key.split(":")[2], id: key.split(":")[3], ...look(key) }))
      .filter((entry) => Array.isArray(entry.value))
      .sort((one, other) => one.counter - other.counter);
  }

  waiting(attempt) {
    return this.entries(attempt).filter((entry) => !entry.refused);
  }

  refused(attempt) {
    return this.entries(attempt).filter((entry) => entry.refused);
  }

  wantsSubmit(attempt) {
    return look(this.key(attempt, "kirim")) === true;
  }

  /* True while answers are held by this page alone. */
  isFragile() {
    return this.entries().some((entry) => memory.has(this.key(entry.attempt, entry.id)));
  }

  highest(attempt) {
    const counters = this.entries(attempt).map((entry) => entry.counter);
    return Math.max(this.seen[attempt] || 0, look(this.key(attempt, "terima")) || 0, ...counters);
  }

  add(attempt, number, value, isText) {
    const counter = this.highest(attempt) + 1;
    const older = this.entries(attempt).filter((entry) => entry.number === number);
    older.filter((entry) => entry.refused || !entry.sent).forEach((entry) => this.remove(entry));
    const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
    keep(this.key(attempt, id), { number, counter, value, text: isText, sent: 0 });
    this.flush();
    this.changed();
  }

  rewrite(entry, change) {
    const key = this.key(entry.attempt, entry.id);
    const held = look(key);
    // Another tab may have had its receipt in the meantime.
    if (held) keep(key, { ...held, ...change });
  }

  remove(entry) {
    drop(this.key(entry.attempt, entry.id));
  }

  submit(attempt) {
    keep(this.key(attempt, "kirim"), true);
    this.flush();
    this.changed();
  }

  withdraw(attempt) {
    drop(this.key(attempt, "kirim"));
  }

  /* Send what is waiting; resolves when nothing more can be done now. */
  flush() {
    this.again = true;
    if (!this.running) this.running = this.run();
    return this.running;
  }

  async run() {
    clearTimeout(this.timer);
    try {
      while (this.again) {
        this.again = false;
        this.problem = await inTurn(() => this.deliverAll());
      }
    } finally {
      this.running = null;
      this.plan();
      this.changed();
    }
  }

  plan() {
    // A hall full of phones must not come back in the same second.
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.failures * (1 + Math.random() / 2));
    this.failures = this.problem === NO_SIGNAL ? this.failures + 1 : 0;
    if (this.failures) this.timer = setTimeout(() => this.flush(), Math.max(pause, this.pause || 0));
  }

  async deliverAll() {
    let problem = "";
    for (const attempt of this.attempts()) {
      problem = (await this.deliver(attempt)) || problem;
      if (problem === SIGNED_OUT) break;
    }
    return problem;
  }

  async deliver(attempt) {
    let most = MOST_IN_A_REQUEST;
    for (;;) {
      const waiting = this.waiting(attempt);
      const batch = waiting.slice(0, most);
      const submit = this.wantsSubmit(attempt) && batch.length === waiting.length;
      if (!batch.length && !submit) return "";
      const reply = await this.send(attempt, batch, submit);
      if (reply.status === FULL || (reply.status === 400 && reply.data.error === "answers")) {
        if (batch.length < 2) this.refuse(attempt, batch, reply.status);
        // One of them can't be accepted: find it by sending each alone.
        most = 1;
      } else if (!this.accept(attempt, batch, submit, reply)) {
        return { 401: SIGNED_OUT, 404: NOT_OWNER }[reply.status] || NO_SIGNAL;
      }
    }
  }

  send(attempt, batch, submit) {
    batch.filter((entry) => !entry.sent).forEach((entry) => this.rewrite(entry, { sent: 1 }));
    const entries = batch.map(({ id, number, counter, value }) => ({ id, number, counter, value }));
    return post(`/kuis/${attempt}/jawaban`, JSON.stringify({ entries, submit }));
  }

  /* Take a reply as receipt; false when it is none. */
  accept(attempt, batch, submit, { status, wait, data }) {
    this.pause = wait * 1000;
    const named = Array.isArray(data.saved) ? batch.filter((entry) => data.saved.includes(entry.id)) : [];
    if (status !== 200 || (batch.length ? !named.length : !data.result) || (submit && !data.result)) return false;
    named.forEach((entry) => this.remove(entry));
    keep(this.key(attempt, "terima"), Math.max(data.counter, this.highest(attempt)));
    this.late = this.late || data.late === true;
    if (data.result) this.finish(attempt, data.result);
    return true;
  }

  finish(attempt, result) {
    this.results[attempt] = result;
    this.withdraw(attempt);
    this.refused(attempt).forEach((entry) => this.remove(entry));
    drop(this.key(attempt, "terima"));
  }

  /* The server can never accept this: nothing is submitted without its person. */
  refuse(attempt, batch, refused) {
    this.withdraw(attempt);
    batch.forEach((entry) => this.rewrite(entry, { refused }));
  }

  written() {
    return this.entries().filter((entry) => entry.text);
  }

  /* Free text goes, and the wish to submit a sheet that now lacks it. */
  erase(written) {
    written.forEach((entry) => {
      this.withdraw(entry.attempt);
      this.remove(entry);
    });
  }

  /* Only attempt, number and choice keys may stay on a shared phone. */
  seal() {
    this.erase(this.written());
    this.attempts().forEach((attempt) => drop(this.key(attempt, "terima")));
  }
}
