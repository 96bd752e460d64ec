/** What the shared parts say, in English. A page in another language brings its own (setSharedWords). */
export const english = {
  actions: 'Actions',
  cancel: 'Cancel',
  close: 'Close',
  copy: (what: string) => `Copy ${what}`,
  copied: (what: string) => `${what}: copied`,
  copyHint: 'Copy',
  copiedHint: 'Copied',
  exportCsv: 'Export CSV',
  failed: 'That did not work',
  from: 'From',
  loading: 'Loading',
  noRight: 'Your account may not do this',
  notFound: 'There is no such thing',
  notLoaded: 'This could not be loaded',
  notSaid: 'The service did not say why.',
  pageFailed: 'This page has failed. Reload it, and tell support if it goes on.',
  pageOf: (control: string) => `${control} page`,
  pager: { first: 'First', previous: 'Previous', next: 'Next', last: 'Last' },
  showMore: 'Show more',
  shown: (count: string) => `${count} shown`,
  supportFinds: (requestId: string) => `Support can find it by ${requestId}.`,
  table: (caption: string) => `${caption}, table`,
  to: 'To',
  tooMany: 'Too many requests',
  tryAgain: 'Try again',
  underAMinute: 'under a minute',
  about: (time: string) => `about ${time}`,
  unreachable: 'You are offline, or the service is away',
  noAnswer: 'The service does not answer. Check your connection.',
};

export type SharedWords = typeof english;

export let words: SharedWords = english;

export function setSharedWords(other: SharedWords): void {
  words = other;
}
