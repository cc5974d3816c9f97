// The button that keeps the whole book on this device, and the one that gives the room back.

import { button, element } from "./exercises-show.mjs";

const root = new URL("..", import.meta.url).href;
const region = document.getElementById("offline");
const says = element("p");
says.setAttribute("role", "status");
const keeping = button("Keep the book on this device", keep, "run");
const leaving = button("Remove it from this device", leave, "quiet");
const megabytes = (bytes) => Math.round(bytes / 1e6);

function show(text, kept) {
  says.textContent = text;
  keeping.hidden = kept;
  leaving.hidden = !kept;
}

async function state() {
  const registered = await navigator.serviceWorker.getRegistration(root);
  if (registered?.active) show("The book is kept on this device, and opens without a network.", true);
  else show("", false);
}

function follow({ data }) {
  if (data.all) says.textContent = `${megabytes(data.done)} of ${megabytes(data.all)} MB are here …`;
}

async function keep() {
  keeping.disabled = true;
  says.textContent = "Asking the site for its files …";
  try {
    const registered = await navigator.serviceWorker.register(`${root}offline-worker.js`, { scope: root });
    await ended(registered);
    await state();
  } catch (error) {
    show(`Not all of it came (${error.message}). What is here stays: press again, and it goes on from there.`, false);
  }
  keeping.disabled = false;
}

/** Wait until the files are here, or could not be had. */
function ended(registered) {
  const worker = registered.installing ?? registered.waiting ?? registered.active;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("the connection ended, or there is no room"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

async function leave() {
  const registered = await navigator.serviceWorker.getRegistration(root);
  await registered?.unregister();
  for (const name of await caches.keys()) if (name.startsWith("line-by-line ")) await caches.delete(name);
  show("It is removed; your answers and your progress stay.", false);
}

region.append(says, keeping, leaving);
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.addEventListener("message", follow);
  navigator.serviceWorker.startMessages();
  state();
} else {
  region.textContent = "This browser keeps no site, or the page did not come by https.";
}
