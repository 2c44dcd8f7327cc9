// live_parts.mjs - what a live page is made of, for tests in node: its own files and scripts, read from the page
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import zlib from "node:zlib";
import {createHash} from "node:crypto";
import {pathToFileURL} from "node:url";

const folder = process.env.LIVE_PAGES;
// What of the page's script needs no document.
const SCRIPTS = ["Machine", "Run", "storyOf", "unfold"];

export const pagePath = (name) => path.join(folder, `${name}.html`);
export const imagePath = (name) => path.join(folder, `${name}.elf`);

function unpacked(html, name) {
    const packed = html.match(new RegExp(`<script>file\\("${name}", "([^"]*)"\\)</script>`))[1];
    const bytes = zlib.gunzipSync(Buffer.from(packed, "base64"));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

// The page's script, in a world in which nothing is drawn.
function scriptOf(html) {
    const script = Buffer.from(unpacked(html, "page.js")).toString();
    vm.runInThisContext(`{const document = {addEventListener() {}};\n${script.replaceAll('"use strict";', "")}
        globalThis.page = {${SCRIPTS.join(", ")}};}`);
    return globalThis.page;
}

// The parts that Run.create() takes, and the page's functions.
export async function load(name) {
    const html = fs.readFileSync(pagePath(name), "utf8");
    const library = path.join(folder, "libv86.cjs");
    fs.writeFileSync(library, Buffer.from(unpacked(html, "libv86.js")));
    const {default: {V86}} = await import(pathToFileURL(library));
    const [module, stack] = await Promise.all(["v86.wasm", "stack.wasm"].map((file) =>
        WebAssembly.compile(unpacked(html, file))));
    const facts = JSON.parse(Buffer.from(unpacked(html, "facts.json")).toString());
    return {parts: {v86: V86, module, stack, facts, elf: unpacked(html, "image.elf")}, ...scriptOf(html)};
}

// The SHA-256 of all memory of the machine, without breakpoints.
export function memoryHash(machine) {
    return machine.points.without(() => createHash("sha256").update(machine.memory).digest("hex"))[0];
}

export const written = (machine) => Buffer.from(machine.console).toString("latin1").replaceAll("\r", "");

// Runs until this is so, or the machine has ended, or so many of its msec are over.
export function runUntil(run, done, msec = 5000) {
    const {machine} = run.machine ? run : {machine: run};
    while (!machine.end && machine.now() < msec && !done())
        run.slice();
}
