import { Burger, Drawer } from '@mantine/core';
import { useDisclosure, useNetwork } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouteContext, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Mark } from '~/shared/ui/Mark';
import { AccountMenu } from './AccountMenu';
import { AccountState } from './AccountState';
import { followEvents } from './follow';
import { Navigation } from './Navigation';
import { t } from '../words';
import css from './shell.module.css';

/** What stands around every page of somebody who is signed in. */
export function Shell() {
  const { dealer } = useRouteContext({ from: '/inside' });
  const { online } = useNetwork();
  const [isOpen, { open, close }] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => close(), [path, close]);
  const queries = useQueryClient();
  useEffect(() => followEvents(queries), [queries]);
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        {t.shell.skip}
      </a>
      <header className={css.bar}>
        <Burger opened={isOpen} onClick={open} size="sm" aria-label={t.shell.openMenu} />
        <Mark />
      </header>
      <aside className={css.side} aria-label={t.shell.menu}>
        <div className={css.mark}>
          <Mark />
        </div>
        <Navigation />
        <AccountMenu dealer={dealer} />
      </aside>
      <Drawer
        opened={isOpen}
        onClose={close}
        title={<Mark />}
        size="17rem"
        closeButtonProps={{ 'aria-label': t.shell.closeMenu }}
      >
        <div className={css.drawer}>
          <Navigation />
          <AccountMenu dealer={dealer} />
        </div>
      </Drawer>
      <main id="content" tabIndex={-1} className={css.content}>
        {!online && (
          <div className={css.offline} role="status">
            {t.shell.offline}
          </div>
        )}
        {dealer.status === 'approved' ? <Outlet /> : <AccountState dealer={dealer} />}
      </main>
    </div>
  );
}
