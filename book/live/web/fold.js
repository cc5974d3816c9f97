// Loaded before the first cell of a page that asks for predictions: it folds their results before they are
// drawn, so that nothing moves. Where the script that opens them cannot come, nothing stays folded.
(function () {
  if (location.protocol === "file:") return; // a page opened as a file loads no modules
  var here = document.currentScript.src;
  var root = document.documentElement;
  var page = JSON.parse(document.getElementById("guesses-page").textContent).page;
  root.dataset.results = localStorage.getItem("results") === "shown" ? "shown" : "folded";
  document.head.append(seenBefore());
  document.addEventListener("DOMContentLoaded", function () {
    import(new URL("guesses.mjs", here).href).catch(function (error) {
      console.warn(error);
      delete root.dataset.results;
    });
  });

  // What the reader has opened on an earlier visit is open before the cells have been read.
  function seenBefore() {
    var kept = {};
    try {
      kept = JSON.parse(localStorage.getItem("guesses:" + page)) || {};
    } catch {
      // damaged: all is folded
    }
    var style = document.createElement("style");
    style.id = "guesses-seen";
    style.textContent = Object.keys(kept)
      .filter((id) => kept[id].shown && /^[\w-]+$/.test(id))
      .map((id) => "#result-" + id + " { display: block !important; }")
      .join("\n");
    return style;
  }
})();
