// Opened from a folder, a page may not start a worker from a file: the search's is handed over as text, below.
if (location.protocol === "file:") {
  const Kept = window.Worker;
  window.Worker = class extends Kept {
    constructor(from, options) {
      super(URL.createObjectURL(new Blob([searchWorker], { type: "text/javascript" })), options);
    }
  };
}
