// Answers for the site while there is no line: its files, the decks that this device has opened, and a page that says so.
// No other page is kept. Whoever leaves the device takes their decks along.
{% autoescape off %}const FILES = "files-{{ release }}";
const DECKS = "decks";
const SHELL = {{ shell }};
const OFFLINE = "{{ offline }}";{% endautoescape %}
const A_DECK = /^\/a\/[\w-]+\/deck\/$/;
const A_FILE = /^\/static\/.+\.[0-9a-f]{12}\.\w+$/;
const ANOTHER_PERSON = /\/(leave|enter|join|erasures)\//;

addEventListener("install", (event) => event.waitUntil(keepShell()));
addEventListener("activate", (event) => event.waitUntil(forgetOldFiles()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && ANOTHER_PERSON.test(pathname)) event.waitUntil(caches.delete(DECKS));
  if (request.method !== "GET") return;
  if (A_FILE.test(pathname)) event.respondWith(fileOf(request));
  else if (request.mode === "navigate") event.respondWith(pageOf(request, A_DECK.test(pathname) && !search));
});

async function keepShell() {
  const files = await caches.open(FILES);
  await files.addAll([...SHELL, OFFLINE]);
  await skipWaiting();
}

async function forgetOldFiles() {
  for (const name of await caches.keys()) if (name !== FILES && name !== DECKS) await caches.delete(name);
  await clients.claim();
}

async function fileOf(request) {
  return (await caches.match(request, { cacheName: FILES })) ?? fetch(request);
}

// The line comes first: what is kept is for times without one.
async function pageOf(request, isDeck) {
  try {
    const response = await fetch(request);
    if (isDeck && response.ok && !response.redirected) await (await caches.open(DECKS)).put(request, response.clone());
    return response;
  } catch (error) {
    const kept = isDeck && (await caches.match(request, { cacheName: DECKS, ignoreVary: true }));
    return kept || (await caches.match(OFFLINE, { cacheName: FILES })) || Promise.reject(error);
  }
}
