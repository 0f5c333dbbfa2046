// A client of irc-framework over WebSocket: joins #main, answers one message, and quits. It prints what it sees.

const [modules, host, port, nick, protocol] = process.argv.slice(2);
const load = (name) => require(`${modules}/${name}`);
globalThis.WebSocket = load("ws");
const { Client } = load("irc-framework");

const client = new Client({
  transport: load("irc-framework/src/transports/websocket"),
  websocket_protocol: protocol,
});
client.on("registered", () => {
  console.log(`registered ${client.user.nick}`);
  client.join("#main");
});
client.on("join", (event) => console.log(`join ${event.nick} ${event.channel}`));
client.on("message", (event) => {
  console.log(`${event.type} ${event.nick} ${event.target} ${event.message}`);
  client.say("#main", `you said: ${event.message}`);
  client.whois("nora", (person) => {
    console.log(`whois ${person.nick}`);
    client.quit("bye");
  });
});
client.on("socket close", () => {
  console.log("closed");
  process.exit(0);
});
client.connect({ host, port: Number(port), nick, username: nick, gecos: nick, path: "/", auto_reconnect: false });
