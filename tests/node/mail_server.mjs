// A mail server for the tests, made of the packages smtp-server and mailparser. Started with one JSON object of settings:
// tls (none, starttls or implicit), key and cert (files), user, port, folder, and pause: how many milliseconds it thinks
// about each mail. $MAIL_PASSWORD is the user's password. Each mail that it takes becomes a file <number>.json in the folder.
// Mails for refused@… are refused for good, those for later@… for now.
import { readFileSync, renameSync, writeFileSync, appendFileSync, readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const settings = JSON.parse(process.argv[2]);
let number = readdirSync(settings.folder).filter((name) => name.endsWith('.json')).length;

function refusal(responseCode, message) {
  return Object.assign(new Error(message), { responseCode });
}

async function keep(raw, session) {
  const mail = await simpleParser(raw);
  const record = {
    secure: session.secure,
    user: session.user ?? '',
    session: session.id,
    from: session.envelope.mailFrom.address,
    to: session.envelope.rcptTo.map((receiver) => receiver.address),
    id: mail.messageId,
    subject: mail.subject,
    text: mail.text,
    html: mail.html || '',
    attachments: mail.attachments.map((file) => ({
      name: file.filename,
      type: file.contentType,
      disposition: file.contentDisposition,
      cid: file.cid ?? '',
      size: file.size,
      sha256: createHash('sha256').update(file.content).digest('hex'),
    })),
  };
  const name = `${settings.folder}/${++number}.json`;
  writeFileSync(`${name}.part`, JSON.stringify(record));
  renameSync(`${name}.part`, name);
}

const server = new SMTPServer({
  secure: settings.tls === 'implicit',
  key: settings.key && readFileSync(settings.key),
  cert: settings.cert && readFileSync(settings.cert),
  hideSTARTTLS: settings.tls !== 'starttls',
  allowInsecureAuth: true,
  authOptional: !settings.user,
  disableReverseLookup: true,
  onAuth(auth, session, done) {
    appendFileSync(`${settings.folder}/logins`, `${session.secure ? 'secure' : 'open'} ${auth.username}\n`);
    if (auth.username === settings.user && auth.password === process.env.MAIL_PASSWORD) done(null, { user: auth.username });
    else done(refusal(535, 'wrong user name or password'));
  },
  onRcptTo(address, session, done) {
    if (address.address.startsWith('refused@')) done(refusal(550, 'no such mailbox'));
    else if (address.address.startsWith('later@')) done(refusal(450, 'try again later'));
    else done();
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    const take = () => keep(Buffer.concat(chunks), session).then(() => done(), done);
    stream.on('end', () => setTimeout(take, settings.pause ?? 0));
  },
});
server.on('error', () => {});
server.listen(settings.port ?? 0, '127.0.0.1', () => console.log(`mail server ready ${server.server.address().port}`));
process.stdin.resume().on('end', () => process.exit(0));
