// console.js - the console of the machine: what the kernel writes, and the line into which one types
//
// Each character goes to the machine as it is typed; what is shown is what the kernel echoes. So the field stays empty.
"use strict";

const MOST_SHOWN = 60000; // characters
const CONTROL = {Enter: 13, Backspace: 8, c: 3, d: 4};

class LiveConsole {
    // type: a function that gets an array of bytes.
    constructor(box, field, type) {
        Object.assign(this, {box, field, type, shown: 0});
        field.addEventListener("keydown", (event) => this.onKey(event));
        field.addEventListener("beforeinput", (event) => this.onInput(event));
        box.addEventListener("click", () => { if (!String(getSelection())) field.focus(); });
    }

    // The keys of the page are not for who types; Escape and Tab lead out.
    onKey(event) {
        if (event.key === "Escape")
            this.field.blur();
        if (event.key !== "Tab")
            event.stopPropagation();
        const control = event.ctrlKey && !event.altKey && !event.metaKey && CONTROL[event.key];
        if (!control && !(["Enter", "Backspace"].includes(event.key) && !event.isComposing))
            return;
        event.preventDefault();
        this.type([CONTROL[event.key]]);
    }

    onInput(event) {
        if (event.inputType === "insertCompositionText")
            return; // the letters of a composition come when it is complete
        event.preventDefault();
        this.field.value = "";
        if (event.inputType === "deleteContentBackward")
            this.type([CONTROL.Backspace]);
        else if (event.data)
            this.type([...new TextEncoder().encode(event.data.replaceAll("\n", "\r"))]);
    }

    // bytes: all that the kernel has written.
    draw(bytes) {
        if (bytes.length === this.shown)
            return;
        if (bytes.length < this.shown || bytes.length > MOST_SHOWN)
            this.box.textContent = "";
        const from = this.box.textContent ? this.shown : Math.max(0, bytes.length - MOST_SHOWN);
        this.box.textContent = rubbed(this.box.textContent, latin1(bytes.slice(from)));
        this.shown = bytes.length;
        this.box.scrollTop = this.box.scrollHeight;
    }
}

// The text with what follows; a backspace takes the last character of the line away.
function rubbed(text, more) {
    for (const letter of more.replaceAll("\r", "").split(/([\b\x07])/)) {
        if (letter === "\b")
            text = text.endsWith("\n") ? text : text.slice(0, -1);
        else if (letter !== "\x07")
            text += letter;
    }
    return text;
}
