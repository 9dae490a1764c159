/* Who is in a test, asked for every 15 seconds while the page shows; without signal what stands there stays. */
const EVERY = 15000;
const address = document.querySelector("[data-langsung] a").href;

function renew(page) {
  document.querySelectorAll("[data-langsung]").forEach((old) => {
    const found = page.getElementById(old.id);
    if (!found) return;
    if (found.dataset.langsung !== old.dataset.langsung) return location.replace(address);
    const fresh = document.importNode(found, true);
    old.querySelectorAll("details[open]").forEach((part) => {
      const again = fresh.querySelector(`#${part.id}`);
      if (again) again.open = true;
    });
    old.parentNode.replaceChild(fresh, old);
  });
}

async function ask() {
  if (document.hidden) return;
  try {
    const reply = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error" });
    if (reply.ok) renew(new DOMParser().parseFromString(await reply.text(), "text/html"));
  } catch (lost) {
    /* The next time will do. */
  }
}

setInterval(ask, EVERY);
