// Python in a worker: boots Pyodide, runs what it is sent, one message after the other.
// The messages are listed in book/live/README.md.

let pyodide;
let runner;
let turn = Promise.resolve();
let trouble = ""; // the last file that did not come whole
let draws; // says whether a cell needs matplotlib

// Pyodide waits for ever for a core file that it cannot use; so the page is told here.
function lose(file, why) {
  trouble = `${file} ${why}; try again, or reload the page`;
  if (!pyodide) post({ type: "failed", reason: trouble });
  return new Error(trouble);
}

const post = (message, transfer = []) => self.postMessage(message, transfer);

// Pyodide leaves some failures of its start to nobody.
self.addEventListener("unhandledrejection", (event) => {
  if (!pyodide) post({ type: "failed", reason: trouble || String(event.reason?.message ?? event.reason) });
});

self.onmessage = ({ data }) => {
  turn = turn.then(() => handle(data)).catch((error) => fail(data, error));
};

function fail(message, error) {
  const reason = String(error?.message ?? error);
  post(message.type === "start" ? { type: "failed", reason } : { type: "broken", id: message.id, reason });
}

async function handle(message) {
  if (message.type === "start") return start(message);
  if (message.type === "run") return run(message);
  if (message.type === "missing") {
    const found = pyodide.pyimport("live_state").missing(message.code, JSON.stringify(message.above), message.space);
    return post({ type: "answer", id: message.id, value: JSON.parse(found) });
  }
  if (message.type === "call") {
    const value = runner.call(message.target, JSON.stringify(message.args));
    return post({ type: "answer", id: message.id, value: JSON.parse(value) });
  }
  if (message.type === "set") {
    pyodide.pyimport("ipywidgets").set_control(message.view, message.name, JSON.stringify(message.value));
    return post({ type: "answer", id: message.id, value: null });
  }
  throw new Error(`unknown message ${message.type}`);
}

async function run({ id, code, name, space, fresh, answers }) {
  post({ type: "running", id });
  const began = performance.now();
  trouble = "";
  await load(pyodide.code_imports(code));
  if (draws(code)) await load(["matplotlib"]); // dlcore.plot imports it when it first draws
  const status = await runner.run(id, code, name, space, fresh, JSON.stringify(answers));
  post({ type: "done", id, status, seconds: (performance.now() - began) / 1000, trouble });
}

async function load(names) {
  const wanted = names.filter((name) => !(name in pyodide.loadedPackages));
  if (!wanted.length) return;
  await pyodide.loadPackage(wanted, { messageCallback() {}, errorCallback() {} });
  checkLoaded(wanted);
}

// Pyodide goes on without a package that it could not fetch; a cell would find it missing, and not know why.
function checkLoaded(names) {
  const lost = names.filter((name) => !(name in pyodide.loadedPackages));
  if (lost.length) throw new Error(trouble || `${lost.join(", ")} could not be loaded`);
}

async function start({ root, config, sharp, packages, folder, files }) {
  const runtime = new URL(config.runtime, root).href;
  countBytes(config, packages, root);
  const boot = import(`${runtime}pyodide.mjs`);
  const sources = Promise.all(config.python.map((name) => text(new URL(`python/${name}`, root))));
  const lock = await lockFile(root, config, runtime);
  pyodide = await (await boot).loadPyodide({
    indexURL: runtime,
    packageBaseUrl: runtime,
    lockFileContents: lock,
    packages,
    errorCallback() {},
    env: {
      HOME: "/home/reader",
      MPLBACKEND: "module://live_backend",
      MPLCONFIGDIR: "/home/reader/matplotlib",
      DLCORE_DPI: sharp ? "220" : "110", // as many pixels of a figure as the screen has
      DLCORE_DATA: "/home/reader/data",
    },
  });
  checkLoaded(packages);
  pyodide._api.on_fatal = (error) => post({ type: "died", reason: String(error?.message ?? error) });
  const owners = new Map();
  for (const [name, entry] of Object.entries(lock.packages)) {
    for (const top of entry.imports) owners.set(top, name);
  }
  const imports = pyodide.pyimport("pyodide.code").find_imports;
  const { python_of } = pyodide.pyimport("dlcore.notebooks.syntax");
  draws = pyodide.pyimport("dlcore.notebooks.names").draws;
  pyodide.code_imports = (code) =>
    imports(python_of(code)).toJs().map((top) => owners.get(top.split(".")[0])).filter(Boolean);
  await layFiles(root, config, await sources, folder, files);
  runner = pyodide.pyimport("live_runner");
  runner.send = (message) => post(JSON.parse(message));
  runner.set_up();
  post({ type: "ready", python: pyodide.runPython("import sys; sys.version.split()[0]") });
}

async function text(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status} ${response.statusText}`);
  return response.text();
}

async function lockFile(root, config, runtime) {
  const lock = JSON.parse(await text(new URL(config.lock, root)));
  for (const entry of Object.values(lock.packages)) {
    entry.file_name = new URL(entry.file_name, entry.own ? root : runtime).href;
  }
  return lock;
}

// Modules of ours are written; data files are read over the network when a cell first opens them.
async function layFiles(root, config, sources, folder, files) {
  const site = pyodide.runPython("import sysconfig; sysconfig.get_path('purelib')");
  const make = (path) => pyodide.FS.mkdirTree(path);
  make("/home/reader/data");
  config.python.forEach((name, i) => pyodide.FS.writeFile(`${site}/${name}`, sources[i]));
  const lazy = (place, address) => {
    make(place.slice(0, place.lastIndexOf("/")));
    layLazily(place, new URL(address, root));
  };
  for (const name of config.data) lazy(`/home/reader/data/${name}`, `data/${name}`);
  for (const name of config.library) lazy(`${site}/${name}`, `library/${name}`);
  for (const name of files) lazy(`/home/reader/book/${name}`, `files/${name}`);
  make(`/home/reader/book/${folder}`);
  pyodide.FS.chdir(`/home/reader/book/${folder}`);
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
}

// A file that is fetched when Python first opens it or asks for its size. One that does not come is an
// error of the system like any other, which a cell can catch, and comes when it is asked for again;
// Emscripten's own lazy file would end Python instead.
function layLazily(place, url) {
  const { FS } = pyodide;
  FS.writeFile(place, "");
  const { node } = FS.lookupPath(place);
  const { node_ops, stream_ops } = node;
  const come = () => {
    if (node.node_ops === node_ops) return;
    node.contents = fetchNow(url);
    node.usedBytes = node.contents.length;
    Object.assign(node, { node_ops, stream_ops });
  };
  node.node_ops = { ...node_ops, getattr: (asked) => (come(), node_ops.getattr(asked)) };
  const open = (stream) => {
    try {
      come();
    } catch (error) {
      FS.closeStream(stream.fd);
      throw error;
    }
  };
  node.stream_ops = { ...stream_ops, open };
}

const EIO = 29; // input or output failed, in the numbers of WebAssembly's system

function fetchNow(url) {
  const request = new XMLHttpRequest();
  const file = url.pathname.split("/").pop();
  let why = "could not be fetched";
  try {
    request.open("GET", url, false);
    request.responseType = "arraybuffer";
    request.send();
    if (request.status === 200) return new Uint8Array(request.response);
    why += `: ${request.status} ${request.statusText}`;
  } catch {
    // no network: there is no more to say of it
  }
  lose(file, why);
  throw new pyodide.FS.ErrnoError(EIO);
}

// Tell the page how much of what is needed has come.
function countBytes(config, packages, root) {
  const wanted = new Set(config.core);
  const want = (name) => {
    const entry = config.packages[name];
    if (!entry || wanted.has(entry.file)) return;
    wanted.add(entry.file);
    entry.depends.forEach(want);
  };
  packages.forEach(want);
  const total = [...wanted].reduce((sum, file) => sum + (config.sizes[file] ?? 0), 0);
  let loaded = 0;
  let told = 0;
  const count = (bytes) => {
    loaded += bytes;
    if (performance.now() - told < 50 && loaded < total) return;
    told = performance.now();
    post({ type: "progress", loaded: Math.min(loaded, total), total });
  };
  const plainFetch = self.fetch;
  self.fetch = async (request, options) => {
    const file = new URL(request.url ?? request, root).pathname.split("/").pop();
    if (!(file in config.sizes)) return plainFetch(request, options);
    const response = await plainFetch(request, options).catch(() => {
      throw lose(file, "could not be fetched");
    });
    if (!response.ok) throw lose(file, `could not be fetched: ${response.status} ${response.statusText}`);
    let left = config.sizes[file];
    const counter = new TransformStream({
      transform(chunk, controller) {
        count(chunk.byteLength);
        left -= chunk.byteLength;
        controller.enqueue(chunk);
      },
      flush() {
        if (left) throw lose(file, "was damaged on the way");
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
  };
}
