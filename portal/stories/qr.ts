import { execFileSync } from 'node:child_process';

/** What a scanner reads in a picture. */
export function readQrCodes(png: Buffer): string[] {
  const read = execFileSync(
    'zbarimg',
    ['--quiet', '--raw', '--set', 'disable', '--set', 'qrcode.enable', '-'],
    { input: png },
  );
  return read.toString().trim().split('\n');
}
