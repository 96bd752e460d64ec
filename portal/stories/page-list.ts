/** The pages as the navigation has them. */
export const pages = [
  { path: '', name: 'Overview' },
  { path: '/shop', name: 'Shop' },
  { path: '/orders', name: 'Orders' },
  { path: '/wallet', name: 'Wallet' },
  { path: '/verification', name: 'Verification' },
  { path: '/stock', name: 'Stock' },
  { path: '/developers', name: 'Developers' },
  { path: '/settings', name: 'Settings' },
];
