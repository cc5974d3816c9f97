// Starts the slides: arrows or space go on, S opens the speaker's notes, Esc shows all.
const STEP = 0.95; // by which a text shrinks until it has room

function fit(slide) {
  for (let size = 30; size > 15; size *= STEP) {
    slide.style.fontSize = `${size}px`;
    if (slide.scrollHeight <= slide.clientHeight && slide.scrollWidth <= slide.clientWidth) return;
  }
}

Reveal.on("ready", (event) => fit(event.currentSlide));
Reveal.on("slidechanged", (event) => fit(event.currentSlide));
Reveal.on("pdf-ready", () => Reveal.getSlides().forEach(fit));
Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0.04,
  center: false,
  hash: true,
  slideNumber: "c/t",
  transition: matchMedia("(prefers-reduced-motion: reduce)").matches ? "none" : "slide",
  plugins: [RevealNotes],
});
