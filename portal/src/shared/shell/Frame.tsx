import { Burger, Drawer } from '@mantine/core';
import { useDisclosure, useNetwork } from '@mantine/hooks';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { englishShell, type ShellWords } from './words';
import css from './frame.module.css';

interface Props {
  mark: ReactNode;
  navigation: ReactNode;
  account: ReactNode;
  children: ReactNode;
  says?: ShellWords;
}

/** What stands around every page of somebody who is signed in. */
export function Frame({ mark, navigation, account, children, says = englishShell }: Props) {
  const { online } = useNetwork();
  const [isOpen, { open, close }] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // Each of both stays the same from one rendering to the next; the object around them does not.
  useEffect(() => close(), [path, close]);
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        {says.skip}
      </a>
      {/* No header: that of a dialog would be a second one. */}
      <section className={css.bar} aria-label={says.bar}>
        <Burger opened={isOpen} onClick={open} size="sm" aria-label={says.openMenu} />
        {mark}
      </section>
      <aside className={css.side} aria-label={says.menu}>
        <div className={css.mark}>{mark}</div>
        {navigation}
        {account}
      </aside>
      <Drawer
        opened={isOpen}
        onClose={close}
        title={mark}
        size="17rem"
        closeButtonProps={{ 'aria-label': says.closeMenu }}
      >
        <div className={css.drawer}>
          {navigation}
          {account}
        </div>
      </Drawer>
      <main id="content" tabIndex={-1} className={css.content}>
        {!online && (
          <div className={css.offline} role="status">
            {says.offline}
          </div>
        )}
        {children}
      </main>
    </div>
  );
}
