// What a page that has turned would try; says which of it came through. (Part of an async function.)
const tried = {};
const refused = async (name, deed) => {
  try {
    tried[name] = String((await deed()) ?? "nothing").slice(0, 200);
  } catch (error) {
    tried[name] = `refused: ${String(error).slice(0, 200)}`;
  }
};
const loads = (tag, name, value, more = {}) =>
  new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), more);
    element.onload = () => resolve("loaded");
    element.onerror = () => reject(new Error("error"));
    setTimeout(() => reject(new Error("silence")), 700);
    element[name] = value;
    document.head.append(element);
  });
const { postMessage } = window.webkit.messageHandlers.inos;
const ask = (command, args = {}) => window.webkit.messageHandlers.inos.postMessage(JSON.stringify({ command, args }));
const sure = window;

// Commands, those of every other page, and messages that are none.
const commands = Object.create(null); // "__proto__" is one of them
await Promise.all(
  COMMANDS.map(async (command) => {
    try {
      commands[command] = `did: ${await ask(command)}`;
    } catch (error) {
      commands[command] = String(error.message ?? error);
    }
  }),
);
for (const [name, message] of Object.entries({
  nothing: "", half: '{"command":', list: "[]", number: "7", deep: "[".repeat(100000), none: '{"command":1}',
  large: JSON.stringify({ command: "hello", args: { x: "x".repeat(3000000) } }), long: JSON.stringify({ command: "h".repeat(100000) }),
}))
  await refused(`message ${name}`, () => window.webkit.messageHandlers.inos.postMessage(message));
await refused("message object", () => window.webkit.messageHandlers.inos.postMessage({ command: "hello", args: {} }));

// Code that is not in the bundle.
await refused("eval", () => (0, eval)("1 + 1"));
await refused("Function", () => new Function("return 2")());
await refused("text of a timer", () => new Promise((resolve, reject) => {
  sure.inosRan = () => resolve("ran");
  setTimeout("inosRan()", 0);
  setTimeout(() => reject(new Error("silence")), 300);
}));
await refused("inline script", () => {
  sure.inosInline = false;
  document.head.append(Object.assign(document.createElement("script"), { textContent: "window.inosInline = true" }));
  if (!sure.inosInline) throw new Error("silence");
});
await refused("inline handler", () => {
  sure.inosHandler = false;
  const element = document.createElement("div");
  element.setAttribute("onclick", "window.inosHandler = true");
  document.body.append(element);
  element.click();
  element.remove();
  if (!sure.inosHandler) throw new Error("silence");
});
await refused("worker", () => new Promise((resolve, reject) => {
  const worker = new Worker("panel.js");
  worker.onmessage = () => resolve("ran");
  worker.onerror = () => reject(new Error("error"));
  setTimeout(() => reject(new Error("silence")), 500);
}));
await refused("wasm", () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => "compiled"));

// Words to others, and files of theirs.
for (const [name, address] of Object.entries({
  http: SERVER, file: "file:///etc/passwd", own: "inos://shell/panel.js", outside: "inos://shell/../../etc/passwd", data: "data:text/plain,x",
})) {
  await refused(`fetch ${name}`, async () => (await fetch(address)).status);
  await refused(`request ${name}`, () => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.onload = () => resolve(request.status);
    request.onerror = () => reject(new Error("error"));
    request.open("GET", address);
    request.send();
  }));
  if (name === "own") continue;
  await refused(`script ${name}`, () => loads("script", "src", address));
  await refused(`style ${name}`, () => loads("link", "href", address, { rel: "stylesheet" }));
  await refused(`image ${name}`, () => loads("img", "src", address));
  await refused(`frame ${name}`, () => loads("iframe", "src", address).then(() => { throw new Error("loads nothing"); }));
}
await refused("beacon", () => {
  if (!navigator.sendBeacon(SERVER, "x")) throw new Error("no");
  return "queued"; // whether it came is seen at the server
});
await refused("socket", () => new Promise((resolve, reject) => {
  const socket = new WebSocket(SERVER.replace("http", "ws"));
  socket.onopen = () => resolve("open");
  socket.onerror = () => reject(new Error("error"));
}));
await refused("window", () => {
  if (!window.open(SERVER)) throw new Error("none");
});
for (const address of [SERVER, "file:///etc/passwd", "data:text/html,x", "javascript:window.inosScript=1", "about:blank"])
  await refused(`go to ${address.split(":")[0]}`, async () => {
    location.assign(address);
    await new Promise((resolve) => setTimeout(resolve, 150));
    throw new Error("still here");
  });
await refused("form", async () => {
  const form = Object.assign(document.createElement("form"), { action: SERVER, method: "post" });
  document.body.append(form);
  form.submit();
  await new Promise((resolve) => setTimeout(resolve, 150));
  form.remove();
  throw new Error("still here");
});
await refused("storage", () => {
  if (!window.localStorage) throw new Error("none");
});
await refused("clipboard", () => navigator.clipboard.readText());
await refused("camera", () => navigator.mediaDevices.getUserMedia({ video: true }));
await refused("place", () => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(() => resolve("here"), reject)));
return { tried, commands, here: location.href, handler: typeof postMessage };
