// Keeps the page itself on this device, so that it can be opened while the server can't be reached: what is typed then is
// sent later. Browsers run this over https and on localhost only. Whatever the server has is taken from there first.

const CACHE = "evchat";
const FILES = [
  "./", "app.mjs", "arrivals.mjs", "commands.mjs", "composer.mjs", "dom.mjs", "icon.svg", "kept.mjs", "link.mjs", "login.mjs",
  "manifest.webmanifest", "messages.mjs", "model.mjs", "overlays.mjs", "page.mjs", "requests.mjs", "session.mjs", "sidebar.mjs",
  "storage.mjs", "style.css", "text.mjs", "update.mjs",
];

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function answer(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

const PATHS = new Set(FILES.map((file) => new URL(file, location.href).pathname));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && PATHS.has(new URL(request.url).pathname)) event.respondWith(answer(request));
});
