// Keeps the site on the reader's device, once the reader asks, and answers from there without a network.
// A new build is another version: it is fetched whole, files that did not change are taken over, and only
// then does it take the place of the old one.

const NAME = "line-by-line VERSION OF THE SITE";
const AT_ONCE = 6; // files that are fetched at a time
const place = (name) => new URL(name, registration.scope).href;

async function tell(message) {
  const pages = await clients.matchAll({ includeUncontrolled: true });
  for (const page of pages) page.postMessage(message);
}

/** The files of an older version, each under its sum. */
async function older() {
  const found = new Map();
  for (const name of await caches.keys()) {
    if (!name.startsWith("line-by-line ") || name === NAME) continue;
    const cache = await caches.open(name);
    const list = await (await cache.match(place("offline.json")))?.json();
    for (const [file, [, sum]] of Object.entries(list ?? {})) found.set(`${file} ${sum}`, cache);
  }
  return found;
}

async function fetched(file, sum, known) {
  const kept = await known.get(`${file} ${sum}`)?.match(place(file));
  if (kept) return kept;
  const response = await fetch(place(file), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${file}: the site answered ${response.status}`);
  return response;
}

/** Fetch what is not here yet; what was fetched before a stop stays, so a second try goes on from there. */
async function keep() {
  const cache = await caches.open(NAME);
  const known = await older();
  const list = await fetch(place("offline.json"), { cache: "no-cache" });
  const files = Object.entries(await list.clone().json());
  const all = files.reduce((sum, [, [size]]) => sum + size, 0);
  let done = 0;
  async function next() {
    for (let one = files.pop(); one; one = files.pop()) {
      const [file, [size, sum]] = one;
      if (!(await cache.match(place(file)))) await cache.put(place(file), await fetched(file, sum, known));
      done += size;
      await tell({ done, all });
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  await cache.put(place("offline.json"), list);
}

async function leaveOld() {
  for (const name of await caches.keys()) {
    if (name.startsWith("line-by-line ") && name !== NAME) await caches.delete(name);
  }
  await clients.claim();
}

/** The site's own answer, or what was kept if there is none. */
async function answer(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(NAME);
    const address = request.url.endsWith("/") ? `${request.url}index.html` : request.url;
    const kept = await cache.match(address, { ignoreSearch: true, ignoreVary: true });
    if (!kept) throw error;
    return kept;
  }
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep());
});
addEventListener("activate", (event) => event.waitUntil(leaveOld()));
addEventListener("fetch", (event) => {
  const own = event.request.url.startsWith(registration.scope);
  if (own && event.request.method === "GET") event.respondWith(answer(event.request));
});
