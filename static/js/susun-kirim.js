/* Sends a text to the server as JSON; a reply that is no JSON of ours has status 0: no signal, a portal, a gateway. */
const LONGEST = 20000;

async function ask(address, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LONGEST);
  try {
    const reply = await fetch(
      address,
      Object.assign({ credentials: "same-origin", cache: "no-store", redirect: "error", signal: stop.signal }, options),
    );
    return { status: reply.status, data: Object(await reply.json()) };
  } catch (lost) {
    return { status: 0, data: {} };
  } finally {
    clearTimeout(timer);
  }
}

/* Puts a fresh form token into its field; gives the reply. */
export async function renew(token) {
  const renewed = await ask("/token", { headers: { Accept: "application/json" } });
  if (renewed.status === 200) token.value = renewed.data.token;
  return renewed;
}

/* A stale form token is renewed once. */
export async function send(form, address, fields) {
  const token = form.elements.csrf_token;
  const post = () =>
    ask(address, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify(fields),
    });
  const reply = await post();
  if (reply.data.error !== "token") return reply;
  const renewed = await renew(token);
  return renewed.status === 200 ? post() : renewed;
}
