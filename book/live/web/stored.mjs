// Objects in the browser's storage. What is damaged counts as nothing; where the storage is full or
// switched off, what was to be kept lasts as long as the page.

export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** The object that a text holds, or null. */
export function parsed(text) {
  try {
    const found = JSON.parse(text);
    return isObject(found) ? found : null;
  } catch {
    return null;
  }
}

/** What is kept under a key: an object, empty where there is none. */
export function stored(key) {
  try {
    return parsed(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

export function store(key, object) {
  try {
    localStorage.setItem(key, JSON.stringify(object));
  } catch {
    // full or switched off
  }
}
