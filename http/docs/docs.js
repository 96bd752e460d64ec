// Shows /openapi.json and the guides by Scalar (viewer.js), against the server that this page comes from. Where the program was
// built without the viewer, it lists the operations.
'use strict';

const guides = ['first-order', 'own-shop', 'repeats', 'webhooks', 'verification', 'errors'];

// The viewer makes style elements. They bear the page's nonce; other people's do not.
const { nonce } = document.currentScript;
const createElement = document.createElement;
document.createElement = function (...wish) {
  const made = createElement.apply(this, wish);
  if (made instanceof HTMLStyleElement) made.nonce = nonce;
  return made;
};

async function read(place) {
  const answer = await fetch(place);
  if (!answer.ok) throw new Error(`${place} is answered with ${answer.status}`);
  return answer;
}

/** Where the viewer puts what a text has under its title. */
function anchorOf(text) {
  return `#description/${/^# (.*)/.exec(text)[1].toLowerCase().replace(/[^a-z]+/g, '-')}`;
}

/** The guides as one text, for this server. Links to one another stay within the page; what others lead to is not served. */
async function allGuides() {
  const texts = await Promise.all(guides.map(async (name) => (await read(`/docs/${name}.md`)).text()));
  const anchors = new Map(guides.map((name, at) => [`${name}.md`, anchorOf(texts[at])]));
  const follow = (link, words, to) => (to.startsWith('https:') ? link : anchors.has(to) ? `[${words}](${anchors.get(to)})` : words);
  return texts.join('\n\n').replace(/\[([^\]]*)\]\(([^)]*)\)/g, follow);
}

/** The document with the guides before the operations. */
async function contentOf(api) {
  api.info.description += `\n\n${await allGuides()}`;
  api.servers = [{ url: '/' }];
  return JSON.parse(JSON.stringify(api).replaceAll('https://meisimusa.com', location.origin));
}

function show(content) {
  Scalar.createApiReference('#docs', {
    content,
    // Nothing from elsewhere, nothing to elsewhere, and nothing that stays in the browser.
    withDefaultFonts: false,
    telemetry: false,
    persistAuth: false,
    hideClientButton: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
    // The samples are the document's own.
    hiddenClients: true,
    documentDownloadType: 'none',
    authentication: { preferredSecurityScheme: 'dealerKey' },
  });
}

function list(api) {
  const line = ([path, method, { summary }]) => {
    const item = document.createElement('li');
    item.textContent = `${method.toUpperCase()} ${path}: ${summary}`;
    return item;
  };
  const operations = Object.entries(api.paths).flatMap(([path, item]) => Object.entries(item).map(([method, one]) => [path, method, one]));
  const lines = document.createElement('ul');
  lines.append(...operations.map(line));
  const title = document.createElement('h1');
  title.textContent = api.info.title;
  document.getElementById('docs').append(title, lines);
}

document.addEventListener('DOMContentLoaded', async () => {
  const api = await (await read('/openapi.json')).json();
  if ('Scalar' in window) show(await contentOf(api));
  else list(api);
});
