// Loaded on every page with cells. A page that was opened as a file cannot start a worker: it says so.
(function () {
  var here = document.currentScript.src;
  var note = document.getElementById("live-note");
  if (location.protocol === "file:") {
    note.hidden = false;
    note.textContent =
      "This page was opened as a file, where a browser cannot run Python; the outputs are those stored with the book. " +
      "Run 'make serve' and open the address it names, and the cells run.";
  } else {
    document.addEventListener("DOMContentLoaded", function () {
      import(new URL("page.mjs", here).href).then(withExercises, function (error) {
        console.warn(error);
        note.hidden = false;
        note.textContent =
          "The scripts that run the cells did not come, so the page shows the outputs stored with the book. Reload it to try again.";
      });
    });
  }

  function withExercises() {
    if (document.querySelector("[data-exercises]")) import(new URL("exercises.mjs", here).href);
  }
})();
