// tables.js - the process table as it is now, and the list of what has happened
"use strict";

const SHOWN_EVENTS = 200;

function row(cells, name = "") {
    const line = document.createElement("tr");
    line.className = name;
    for (const text of cells)
        line.append(Object.assign(document.createElement("td"), {textContent: text}));
    return line;
}

// One line for each process. The ESP of the one that runs is the CPU's.
function drawProcesses(kernel, body) {
    const current = kernel.isBooted() ? kernel.currentPid() : -1;
    body.replaceChildren(...kernel.processes().map((pid) => {
        const waits = [["pralarmreg", "alarm"], ["prmsgreg", "message"]]
            .filter(([name]) => kernel.field(pid, name)).map(([, event]) => event).join(", ");
        const running = kernel.field(pid, "prdetour.running");
        return row([pid, kernel.nameOf(pid), kernel.state(pid), kernel.field(pid, "prprio"),
                    hex(pid === current ? kernel.machine.register(ESP) : kernel.field(pid, "prstkptr")),
                    waits || (running ? "in a callback" : "")], pid === current ? "current" : "");
    }));
}

const lane = (moments, number) => `${moments.processes[number].pid} ${moments.processes[number].name}`;

function eventText(moments, moment) {
    const who = lane(moments, moment.lane);
    const other = moment.to === undefined ? "" : lane(moments, moment.to);
    return {switch: `${who} (${moment.state}) gives the CPU to ${other}`, send: `${who} sends to ${other}`,
            sleep: `${who} calls sleepms()`, iret: `${who} makes a detour from a clock interrupt`,
            return: `${who} makes a detour from the return of sleepms()`,
            user: `${who} makes a detour in ring 3`}[moment.what];
}

// The newest events first; ticks are on the timeline. A click on one leads back to it.
function drawEvents(moments, body) {
    const events = moments.all.filter((moment) => moment.what !== "tick").slice(-SHOWN_EVENTS).reverse();
    body.replaceChildren(...events.map((moment) => {
        const line = row([moment.msec, ""]);
        const button = document.createElement("button");
        button.textContent = eventText(moments, moment);
        button.title = "set the machine back to before this";
        button.dataset.slice = moment.slice;
        line.lastChild.append(button);
        return line;
    }));
}
