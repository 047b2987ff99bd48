// When to draw: at most thirty times a second, and never what nobody can see.

// A little less than a thirtieth of a second, or two frames of a screen of 60 Hz might be too few.
const LEAST_MS = 32;

/** Draws an element when it is wanted and in view. */
export class Painter {
  #element;
  #draw;
  #wanted = false;
  #seen = false;
  #frame = 0;
  #last = -Infinity;
  // It tells of an ancestor without display as well, and of what is scrolled out of view.
  #observer = new IntersectionObserver((entries) => {
    this.#seen = entries[entries.length - 1].isIntersecting;
    this.#go();
  });
  #shown = () => this.#go();

  /**
   * @param {Element} element
   * @param {() => void} draw
   */
  constructor(element, draw) {
    this.#element = element;
    this.#draw = draw;
  }

  start() {
    this.#observer.observe(this.#element);
    document.addEventListener('visibilitychange', this.#shown);
  }

  stop() {
    this.#observer.disconnect();
    document.removeEventListener('visibilitychange', this.#shown);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#seen = false;
  }

  /** Draws soon; any number of calls make one drawing. */
  plan() {
    this.#wanted = true;
    this.#go();
  }

  #go() {
    if (!this.#wanted || !this.#seen || document.hidden) return;
    this.#frame ||= requestAnimationFrame((now) => {
      this.#frame = 0;
      if (now - this.#last < LEAST_MS) {
        this.#go();
        return;
      }
      this.#last = now;
      this.#wanted = false;
      this.#draw();
    });
  }
}
