// A TCP proxy that loses answers to POSTs: it passes the request on, waits for the answer, and closes the connection instead
// of handing it over. Started with the port of the server and how many answers to lose; the next ones it hands over.
import { createServer, connect } from 'node:net';

const target = Number(process.argv[2]);
let toLose = Number(process.argv[3]);

const proxy = createServer((client) => {
  const server = connect(target, '127.0.0.1');
  let loses = false;
  client.on('data', (bytes) => {
    if (bytes.subarray(0, 5).toString() === 'POST ' && toLose > 0) {
      loses = true;
      --toLose;
    }
    server.write(bytes);
  });
  server.on('data', (bytes) => {
    if (loses) client.destroy();
    else client.write(bytes);
  });
  for (const [one, other] of [[client, server], [server, client]]) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
});
proxy.listen(0, '127.0.0.1', () => console.log(`losing proxy ready ${proxy.address().port}`));
process.stdin.resume().on('end', () => process.exit(0));
