// files.js - the files of the page, which lie in it compressed, and as text: each is unpacked, and compiled, from where
// the browser has read it, while it reads the rest
"use strict";

const files = {}; // name: promise of what KINDS makes of it

const KINDS = {
    wasm: (response) => WebAssembly.compileStreaming(response),
    elf: (response) => response.arrayBuffer(),
    json: (response) => response.json(),
    js: async (response) => execute(await response.text()),
};

// The element is not left behind: in a copy of the page that a browser saves, it would be a second script.
function execute(text) {
    const script = Object.assign(document.createElement("script"), {textContent: text});
    document.head.append(script);
    script.remove();
}

async function unpacked(name, text) {
    const {body} = await fetch(`data:;base64,${text}`);
    const stream = body.pipeThrough(new DecompressionStream("gzip"));
    // The type is that of WebAssembly, which compileStreaming() asks for; the other kinds do not look at it.
    return KINDS[name.split(".").pop()](new Response(stream, {headers: {"Content-Type": "application/wasm"}}));
}

// Called in the page for each file.
function file(name, text) {
    files[name] = unpacked(name, text);
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
