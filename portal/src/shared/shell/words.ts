/** What stands around every page. */
export interface ShellWords {
  accountOf: string;
  bar: string;
  closeMenu: string;
  look: string;
  looks: { light: string; dark: string; auto: string };
  menu: string;
  offline: string;
  openMenu: string;
  signOut: string;
  skip: string;
}

export const englishShell: ShellWords = {
  accountOf: 'Account of',
  bar: 'Top bar',
  closeMenu: 'Close the menu',
  look: 'Look',
  looks: { light: 'Light', dark: 'Dark', auto: 'As the system' },
  menu: 'Menu',
  offline: 'You are offline. What you see may be out of date.',
  openMenu: 'Open the menu',
  signOut: 'Sign out',
  skip: 'Skip to the content',
};
