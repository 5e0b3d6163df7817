{% load static %}// Where there is no line, shows that the place is out of order. Keeps that page and what it is drawn with, nothing else.

const PAGE = "{% url 'diia_videoreception:kiosk_broken' %}";
const PARTS = [
  "{% static 'diia_videoreception/css/vr.css' %}",
  "{% static 'diia_videoreception/css/kiosk.css' %}",
  "{% static 'diia_videoreception/js/kiosk.js' %}",
];
const NAME = "diia-videoreception-kiosk";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([PAGE, ...PARTS])));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isPart = PARTS.includes(new URL(request.url).pathname);
  if (request.mode === "navigate" || isPart) {
    const kept = () => caches.match(isPart ? request : PAGE, { ignoreVary: true });
    event.respondWith(fetch(request).catch(async () => (await kept()) ?? Response.error()));
  }
});
