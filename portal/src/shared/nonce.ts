import { setNonce } from 'get-nonce';

/** The nonce that the page's policy demands of every style element that a script makes. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';

// For the library that keeps what is behind a dialog from scrolling.
setNonce(styleNonce);
