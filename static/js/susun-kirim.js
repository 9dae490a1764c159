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

/* A stale form token is renewed once; the form gets the fresh one too. */
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
  const renewed = await ask("/token", { headers: { Accept: "application/json" } });
  if (renewed.status !== 200) return renewed;
  token.value = renewed.data.token;
  return post();
}
