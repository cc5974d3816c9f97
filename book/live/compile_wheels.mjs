// Runs a Python file in the browser's Python, under Node: node compile_wheels.mjs RUNTIME FOLDER FILE
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [runtime, folder, file] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`).href);
const lockFileContents = { info: JSON.parse(process.env.PYODIDE_INFO), packages: {} };
const pyodide = await loadPyodide({ indexURL: runtime, lockFileContents });
pyodide.FS.mkdirTree("/wheels");
pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: folder }, "/wheels");
pyodide.runPython(readFileSync(file, "utf8"));
