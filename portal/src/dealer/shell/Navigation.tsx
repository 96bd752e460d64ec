import {
  IconBuildingWarehouse,
  IconCode,
  IconHome,
  IconReceipt,
  IconSettings,
  IconShieldCheck,
  IconShoppingBag,
  IconWallet,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { t } from '../words';
import css from '~/shared/shell/frame.module.css';

const pages = [
  { to: '/', name: 'overview', icon: IconHome },
  { to: '/shop', name: 'shop', icon: IconShoppingBag },
  { to: '/orders', name: 'orders', icon: IconReceipt },
  { to: '/wallet', name: 'wallet', icon: IconWallet },
  { to: '/verification', name: 'verification', icon: IconShieldCheck },
  { to: '/stock', name: 'stock', icon: IconBuildingWarehouse },
  { to: '/developers', name: 'developers', icon: IconCode },
  { to: '/settings', name: 'settings', icon: IconSettings },
] as const;

export function Navigation() {
  return (
    <nav aria-label={t.shell.navigation} className={css.nav}>
      {pages.map((page) => (
        <Link
          key={page.to}
          to={page.to}
          className={css.link}
          activeProps={{ className: css.active, 'aria-current': 'page' }}
          activeOptions={{ exact: page.to === '/', includeSearch: false }}
        >
          <page.icon size={18} stroke={1.6} aria-hidden />
          {t.pages[page.name]}
        </Link>
      ))}
    </nav>
  );
}
