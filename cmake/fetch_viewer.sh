#!/bin/bash
# Fetches the viewer of /docs from npm, and lays it into the folder OUTPUT as viewer.js, as gzip and as Brotli: Scalar's own
# build, MIT license, which needs no other package.
#
#   cmake/fetch_viewer.sh OUTPUT
set -euo pipefail
package=@scalar/api-reference@1.46.4
integrity=sha512-EpCcOG15Ry8DKNs/f5AdRA97s1B5kGPekzANpnK0j1IpyU4Sb/mfdyfB00WC+vUo7hfc4BFRSkkiPa5SSM7fng==

cache=$(realpath -m -- "$(dirname "${BASH_SOURCE[0]}")/../build/npm")
export npm_config_cache=$cache npm_config_update_notifier=false
mkdir -p -- "$1"
cd -- "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --prefer-offline --pack-destination "$work" "$package" >"$work/name"
archive=$work/$(cat "$work/name")
found=sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w 0)
[ "$found" = "$integrity" ] || {
  echo "$package is not what it was: $found" >&2
  exit 1
}
tar -xOf "$archive" package/dist/browser/standalone.js >"$work/viewer.js"
node - "$work/viewer.js" <<'END'
const { readFileSync, writeFileSync } = require('node:fs');
const { brotliCompressSync, gzipSync } = require('node:zlib');
const content = readFileSync(process.argv[2]);
writeFileSync('viewer.js.gz', gzipSync(content, { level: 9 }));
writeFileSync('viewer.js.br', brotliCompressSync(content));
END
mv "$work/viewer.js" .
