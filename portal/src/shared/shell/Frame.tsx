import { Burger, Drawer } from '@mantine/core';
import { useDisclosure, useNetwork } from '@mantine/hooks';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import css from './frame.module.css';

interface Props {
  mark: ReactNode;
  navigation: ReactNode;
  account: ReactNode;
  children: ReactNode;
}

/** What stands around every page of somebody who is signed in. */
export function Frame({ mark, navigation, account, children }: Props) {
  const { online } = useNetwork();
  const [isOpen, menu] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => menu.close(), [path, menu]);
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        Skip to the content
      </a>
      {/* No header: that of a dialog would be a second one. */}
      <section className={css.bar} aria-label="Top bar">
        <Burger opened={isOpen} onClick={menu.open} size="sm" aria-label="Open the menu" />
        {mark}
      </section>
      <aside className={css.side} aria-label="Menu">
        <div className={css.mark}>{mark}</div>
        {navigation}
        {account}
      </aside>
      <Drawer
        opened={isOpen}
        onClose={menu.close}
        title={mark}
        size="17rem"
        closeButtonProps={{ 'aria-label': 'Close the menu' }}
      >
        <div className={css.drawer}>
          {navigation}
          {account}
        </div>
      </Drawer>
      <main id="content" tabIndex={-1} className={css.content}>
        {!online && (
          <div className={css.offline} role="status">
            You are offline. What you see may be out of date.
          </div>
        )}
        {children}
      </main>
    </div>
  );
}
