// The pictures of the others: one large, or several side by side, with who speaks and whose line is lost.

export class Stage {
  #view;
  #direct;
  #tiles = new Map();

  // `direct(video)` chooses the loudspeakers.
  constructor(view, direct) {
    this.#view = view;
    this.#direct = direct;
    const canFloat = document.pictureInPictureEnabled;
    view.buttons("picture").forEach((button) => (button.hidden = !canFloat));
  }

  // Shows a person with what is known of them: {name, stream, media, state}.
  show(id, { name, stream, media, state }) {
    const tile = this.#tiles.get(id) ?? this.#add(id, name);
    const video = tile.querySelector("video");
    if (video.srcObject !== stream) {
      video.srcObject = stream;
      this.#direct(video);
    }
    if (stream && video.paused) {
      this.#play(video);
    }
    const isDark = media.camera === false && !media.screen;
    this.#part(tile, "dark", isDark && state === "connected");
    this.#part(tile, "veil", state === "lost");
    const speaks = Boolean(media.speaking) && state === "connected";
    this.#part(tile, "speaks", speaks);
    this.#part(tile, "signs", Boolean(media.hand));
    tile.classList.toggle("is-signing", Boolean(media.hand));
    tile.classList.toggle("is-speaking", speaks);
    tile.classList.toggle("is-screen", Boolean(media.screen));
  }

  remove(id) {
    this.#tiles.get(id)?.remove();
    this.#tiles.delete(id);
    this.#arrange();
  }

  clear() {
    [...this.#tiles.keys()].forEach((id) => this.remove(id));
  }

  // Lets the sound out, which some browsers hold back until somebody presses.
  hear() {
    this.#view.toggle("hear", false);
    this.#videos.forEach((video) => this.#play(video));
  }

  redirect() {
    this.#videos.forEach((video) => this.#direct(video));
  }

  larger() {
    const button = this.#view.current.querySelector("[data-act=larger]");
    const isLarge = this.#view.find("room").classList.toggle("is-large");
    const state = button.querySelector("[data-state]");
    state.textContent = isLarge ? state.dataset.on : state.dataset.off;
  }

  async float() {
    if (document.pictureInPictureElement) {
      await document.exitPictureInPicture();
    } else {
      await this.#videos[0]?.requestPictureInPicture().catch(() => {});
    }
  }

  get #videos() {
    return [...this.#tiles.values()].map((tile) => tile.querySelector("video"));
  }

  #add(id, name) {
    const tile = this.#view.copy("tile");
    tile.dataset.participant = id;
    tile.querySelector("video").ariaLabel = this.#view.text("picture_of", { name });
    this.#view.find("name", tile).textContent = name;
    this.#view.find("dark", tile).textContent = this.#view.text("dark", { name });
    this.#view.find("tiles").prepend(tile);
    this.#tiles.set(id, tile);
    this.#arrange();
    return tile;
  }

  #arrange() {
    const count = this.#tiles.size;
    const place = this.#view.find("tiles");
    place.dataset.count = count;
    this.#view.find("own", place).classList.toggle("vr-video--self", count < 2);
    this.#view.find("nobody", place).hidden = count > 0;
  }

  #part(tile, name, shown) {
    const part = this.#view.find(name, tile);
    if (part.hidden === shown) {
      part.hidden = !shown;
    }
  }

  async #play(video) {
    try {
      await video.play();
    } catch (error) {
      if (error.name === "NotAllowedError") {
        this.#view.toggle("hear", true);
      }
    }
  }
}
