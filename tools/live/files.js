// files.js - the files of the page, which lie in it compressed, and as text: each is unpacked, and compiled, from where
// the browser has read it, while it reads the rest
"use strict";

const files = {}; // name: promise of what KINDS makes of it

const KINDS = {
    wasm: (response) => WebAssembly.compileStreaming(response),
    mjs: async (response) => import(URL.createObjectURL(await response.blob())),
    elf: (response) => response.arrayBuffer(),
    json: (response) => response.json(),
    js: async (response) => execute(await response.text()),
};
const TYPES = {wasm: "application/wasm", mjs: "text/javascript"};

// The element is not left behind: in a copy of the page that a browser saves, it would be a second script.
function execute(text) {
    const script = Object.assign(document.createElement("script"), {textContent: `${text}\n//# sourceURL=page.js`});
    document.head.append(script);
    script.remove();
}

async function unpacked(kind, text) {
    const {body} = await fetch(`data:;base64,${text}`);
    const stream = body.pipeThrough(new DecompressionStream("gzip"));
    return KINDS[kind](new Response(stream, {headers: {"Content-Type": TYPES[kind] || ""}}));
}

// Called in the page for each file.
function file(name, text) {
    files[name] = unpacked(name.split(".").pop(), text);
}

// Called at the end of the page; the rest of the script is one of the files.
async function beginPage() {
    try {
        await files["page.js"];
        await begin();
    } catch (error) {
        const status = document.getElementById("status");
        status.textContent = `This page cannot run the machine here: ${error.message}`;
        status.className = "wrong";
        throw error;
    }
}
