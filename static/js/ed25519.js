/* SHA-512 and the check of an Ed25519 signature (RFC 8032), for browsers that have none of their own. Plain and slow:
   all it sees is public, so nothing leaks by how long it takes. */
const WORD = (1n << 64n) - 1n;
const PRIME = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

function root(number, degree) {
  let guess = 1n << 80n;
  for (;;) {
    const next = ((degree - 1n) * guess + number / guess ** (degree - 1n)) / degree;
    if (next >= guess) return guess;
    guess = next;
  }
}

/* The constants of SHA-512 are what follows the point in roots of the first primes. */
const primes = [];
for (let number = 2; primes.length < 80; number += 1) {
  if (primes.every((prime) => number % Number(prime))) primes.push(BigInt(number));
}
const ROUNDS = primes.map((prime) => root(prime << 192n, 3n) & WORD);
const START = primes.slice(0, 8).map((prime) => root(prime << 128n, 2n) & WORD);

const turn = (word, by) => ((word >> by) | (word << (64n - by))) & WORD;

function sha512(bytes) {
  const data = new Uint8Array(Math.ceil((bytes.length + 17) / 128) * 128);
  data.set(bytes);
  data[bytes.length] = 128;
  const view = new DataView(data.buffer);
  view.setUint32(data.length - 4, bytes.length * 8);
  const sum = START.slice();
  for (let block = 0; block < data.length; block += 128) mix(sum, view, block);
  const out = new DataView(new ArrayBuffer(64));
  sum.forEach((word, place) => {
    out.setUint32(place * 8, Number(word >> 32n));
    out.setUint32(place * 8 + 4, Number(word & 0xffffffffn));
  });
  return new Uint8Array(out.buffer);
}

function mix(sum, view, block) {
  const words = [];
  for (let t = 0; t < 80; t += 1) {
    if (t < 16) {
      words.push((BigInt(view.getUint32(block + t * 8)) << 32n) | BigInt(view.getUint32(block + t * 8 + 4)));
    } else {
      const [x, y] = [words[t - 15], words[t - 2]];
      const low = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n);
      const high = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n);
      words.push((words[t - 16] + low + words[t - 7] + high) & WORD);
    }
  }
  let [a, b, c, d, e, f, g, h] = sum;
  for (let t = 0; t < 80; t += 1) {
    const choice = (e & f) ^ (~e & WORD & g);
    const first = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + choice + ROUNDS[t] + words[t];
    const second = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & WORD, c, b, a, (first + second) & WORD];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => {
    sum[place] = (sum[place] + word) & WORD;
  });
}

const mod = (number) => ((number % PRIME) + PRIME) % PRIME;

function power(base, exponent) {
  let result = 1n;
  for (let square = base, rest = exponent; rest; rest >>= 1n, square = (square * square) % PRIME) {
    if (rest & 1n) result = (result * square) % PRIME;
  }
  return result;
}

const CURVE = mod(-121665n * power(121666n, PRIME - 2n));
const HALF_TURN = power(2n, (PRIME - 1n) / 4n);

const little = (bytes) => bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);

/* A point as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z; null for bytes that are none. */
function point(bytes) {
  const all = little(bytes);
  const y = all & ((1n << 255n) - 1n);
  if (y >= PRIME) return null;
  const above = mod(y * y - 1n);
  const below = mod(CURVE * y * y + 1n);
  let x = mod(above * below ** 3n * power(mod(above * below ** 7n), (PRIME - 5n) / 8n));
  if (mod(below * x * x) !== above) x = mod(x * HALF_TURN);
  if (mod(below * x * x) !== above || (!x && all >> 255n)) return null;
  if ((x & 1n) !== all >> 255n) x = mod(-x);
  return [x, y, 1n, mod(x * y)];
}

function add(p, q) {
  const a = mod((p[1] - p[0]) * (q[1] - q[0]));
  const b = mod((p[1] + p[0]) * (q[1] + q[0]));
  const c = mod(2n * p[3] * q[3] * CURVE);
  const d = mod(2n * p[2] * q[2]);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(number, p) {
  let sum = [0n, 1n, 1n, 0n];
  for (let rest = number, twice = p; rest; rest >>= 1n, twice = add(twice, twice)) {
    if (rest & 1n) sum = add(sum, twice);
  }
  return sum;
}

function written(p) {
  const over = power(p[2], PRIME - 2n);
  const number = mod(p[1] * over) | ((mod(p[0] * over) & 1n) << 255n);
  return Uint8Array.from({ length: 32 }, (_, place) => Number((number >> BigInt(place * 8)) & 255n));
}

function isSignedByHand(key, message, signature) {
  const [p, s] = [point(key), little(signature.slice(32))];
  if (!p || s >= ORDER) return false;
  const start = signature.slice(0, 32);
  const hashed = little(sha512(Uint8Array.from([...start, ...key, ...message]))) % ORDER;
  const base = point(Uint8Array.from({ length: 32 }, (_, place) => (place ? 0x66 : 0x58)));
  const found = written(add(times(s, base), times(hashed, [mod(-p[0]), p[1], p[2], mod(-p[3])])));
  return found.every((byte, place) => byte === start[place]);
}

async function isSigned(key, message, signature) {
  try {
    const own = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, own, signature, message);
  } catch (none) {
    return isSignedByHand(key, message, signature);
  }
}
